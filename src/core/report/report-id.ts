import type { Trade } from '../telemetry/reading.ts'

/**
 * The name of a report: trade, first day and, for one site, a mark of its name. Made of letters, digits and dashes,
 * whatever the site is called: it becomes a file's name and part of an address.
 */
export function reportId(trade: Trade, firstDay: string, days: number, site: string | null): string {
  const stretch = days === 7 ? firstDay : `${firstDay}-${days}d`
  return [trade, stretch, ...(site === null ? [] : [mark(site)])].join('-')
}

export const isReportId = (text: string): boolean =>
  /^(plant|fleet|building)-\d{4}-\d\d-\d\d(-\d{1,3}d)?(-[\da-f]{16})?$/.test(text)

/** The day that a report’s time begins with, which orders them. */
export const firstDayOf = (id: string): string => /\d{4}-\d\d-\d\d/.exec(id)?.[0] ?? ''

/** The newest first, then by id. */
export const byNewest = (a: string, b: string): number =>
  firstDayOf(b) < firstDayOf(a) ? -1 : firstDayOf(b) > firstDayOf(a) ? 1 : a < b ? -1 : a > b ? 1 : 0

/** FNV-1a (Fowler, Noll, Vo) from two starts, 64 bits in all. */
function mark(text: string): string {
  const hash = (start: number): string => {
    let found = start
    for (let i = 0; i < text.length; i++) found = Math.imul(found ^ text.charCodeAt(i), 0x01000193)
    return (found >>> 0).toString(16).padStart(8, '0')
  }
  return hash(0x811c9dc5) + hash(0x9747b28c)
}
