/**
 * Three to seven round values that hold all of these (Heckbert 1990, “Nice numbers for graph labels”), and of the
 * limits those that lie near: a limit far away would press the line flat.
 */
export function niceTicks(
  values: readonly number[],
  limits: readonly (number | undefined)[],
  leastStep = 0,
): number[] {
  let low = values.reduce((a, b) => Math.min(a, b), Infinity)
  let high = values.reduce((a, b) => Math.max(a, b), -Infinity)
  if (low > high) [low, high] = [0, 1]
  const reach = Math.max(high - low, Math.abs(high) * 0.02, 1e-9)
  for (const limit of limits) {
    if (limit === undefined || limit < low - reach || limit > high + reach) continue
    low = Math.min(low, limit)
    high = Math.max(high, limit)
  }
  if (high - low < 1e-9 * Math.max(1, Math.abs(high))) {
    const half = Math.max(0.5, Math.abs(high) * 0.01)
    ;[low, high] = [low === 0 ? 0 : low - half, high + half]
  }
  const step = Math.max(leastStep, round((high - low) / 4))
  const ticks: number[] = []
  for (let n = Math.floor(low / step); n <= Math.ceil(high / step - 1e-9); n++) ticks.push(n * step)
  return ticks
}

function round(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  const share = step / power
  return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power
}
