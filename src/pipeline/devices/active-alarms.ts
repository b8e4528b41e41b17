import type { Alarm, AlarmBook } from '../../ports/alarm-book.ts'

const PAGE = 1000

/** Alarms that stand, page after page. */
export async function activeAlarms(book: Pick<AlarmBook, 'list'>, filter: { rule?: string } = {}): Promise<Alarm[]> {
  const found: Alarm[] = []
  for (let cursor: string | undefined; ;) {
    const page = await book.list({ ...filter, state: 'active', limit: PAGE, ...(cursor !== undefined && { cursor }) })
    found.push(...page)
    if (page.length < PAGE) return found
    cursor = page.at(-1)!.id
  }
} // prettier-ignore
