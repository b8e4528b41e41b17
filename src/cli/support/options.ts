import { InvalidArgumentError, type Command } from 'commander'

/** For commander: a whole number within bounds. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`allowed are whole numbers from ${least} to ${most}`)
    return value
  }

export const portNumber = wholeNumber(0, 65_535)

export function positiveNumber(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('allowed are numbers above 0')
  return value
}

/** A point in time: RFC 3339, a date, epoch milliseconds, or a time span back from now such as 90s, 15m, 2h, 7d. */
export const moment =
  (now: () => number) =>
  (text: string): number => {
    const span = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text)
    if (span) return Math.round(now() - Number(span[1]) * unitMs[span[2] as keyof typeof unitMs])
    if (text === 'now') return now()
    if (/^\d{12,13}$/.test(text)) return Number(text)
    const at = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text.length > 10 && !/(Z|[+-]\d\d:\d\d)$/i.test(text) ? `${text}Z` : text) : Number.NaN // prettier-ignore
    if (Number.isNaN(at))
      throw new InvalidArgumentError(
        'allowed are RFC 3339 (UTC unless it has a zone), epoch milliseconds, now, or a span back such as 15m',
      )
    return at
  }
const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The data directory when none is given; TELLTALE_DATA overrides. */
export const defaultDataDir = (): string => process.env['TELLTALE_DATA'] ?? './data'

/** Options of every command that talks to a box. */
export function withBoxOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'data directory of a box on this machine', defaultDataDir())
    .option('--url <url>', 'address of the API (default: TELLTALE_URL, else from the data directory)')
    .option('--token <token>', 'bearer token (default: TELLTALE_TOKEN, else from the data directory)')
    .option('--json', 'print one JSON document')
}

export interface BoxOptionValues {
  data: string
  url?: string
  token?: string
  json?: boolean
}
