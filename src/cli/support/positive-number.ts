import { InvalidArgumentError } from 'commander'

/** Reads an option that must be a number above zero. */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value)))
    throw new InvalidArgumentError(`${text} is not a positive number`)
  return value
}
