/** A question too large for one answer; says what to ask instead. Its name survives where only names and messages travel. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch'
}

export const isTooMuch = (error: unknown): boolean => error instanceof Error && error.name === 'TooMuch'
