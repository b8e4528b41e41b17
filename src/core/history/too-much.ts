/** A question too large for one answer; says what to ask instead. */
export class TooMuch extends Error {}

/** Whether this is what an error says, also where it has crossed a process as its sentence. */
export const isTooMuch = (error: unknown): boolean =>
  error instanceof TooMuch || (error instanceof Error && error.message.startsWith('more than '))
