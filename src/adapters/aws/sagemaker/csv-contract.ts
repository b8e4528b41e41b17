/** The container takes 6 MB (sagemaker-xgboost-container: MAX_CONTENT_LENGTH), the service 6 MB too. */
const MOST_BYTES = 5_000_000

/**
 * Rows as the built-in XGBoost reads them: no header, features in the model's order, `nan` for what is missing (an empty
 * cell would do, but the container guesses the separator from the first line, and a line of commas alone deceives it).
 */
export function* csvBodies(
  rows: readonly Readonly<Record<string, number>>[],
  features: readonly string[],
): Generator<{ body: Uint8Array; rows: number }> {
  const encoder = new TextEncoder()
  let lines: string[] = []
  let bytes = 0
  const take = (): { body: Uint8Array; rows: number } => {
    const body = { body: encoder.encode(lines.join('\n')), rows: lines.length }
    lines = []
    bytes = 0
    return body
  }
  for (const row of rows) {
    const line = features.map((name) => cellOf(row[name])).join(',')
    if (bytes + line.length + 1 > MOST_BYTES && lines.length > 0) yield take()
    lines.push(line)
    bytes += line.length + 1
  }
  if (lines.length > 0) yield take()
}

const cellOf = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(Math.fround(value)) ? 'nan' : String(value)

/** Scores as it answers them: separated by commas, by lines in batch transform and in newer releases. */
export function parseScores(text: string): number[] {
  return text
    .split(/[,\n]/)
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
    .map((cell) => {
      const score = Number(cell)
      if (!(score >= 0 && score <= 1))
        throw new Error(`the endpoint answered ${cell.slice(0, 80)} where a probability was due`)
      return score
    })
}
