import { describe, expect, it } from 'vitest'
import { reportId } from '../../src/core/report/report-id.ts'
import type { Report } from '../../src/core/report/report.ts'
import type { Trade } from '../../src/core/telemetry/reading.ts'
import type { ReportStore } from '../../src/ports/report-store.ts'

/** What the API and the weekly job rely on in every store of reports. */
export function reportStoreContract(name: string, make: () => ReportStore): void {
  const report = (trade: Trade, day: string, site: string | null = null): Report => ({
    id: reportId(trade, day, 7, site),
    trade,
    title: `${trade} of ${day}`,
    site,
    from: Date.parse(day),
    to: Date.parse(day) + 7 * 86_400_000,
    timeZone: 'Europe/Berlin',
    madeAt: Date.parse(day) + 9 * 86_400_000,
    sections: [{ kind: 'table', title: 'Ünïcödé', columns: [{ title: 'a' }], rows: [['x'], [null], [1.5]], empty: '', note: '' }], // prettier-ignore
  })

  describe(`ReportStore: ${name}`, () => {
    it('gives back what was put, whole', async () => {
      const store = make()
      const made = report('plant', '2026-11-16', 'Halle Ost, Linie 3 / Süd')
      await store.put(made)
      expect(await store.get(made.id)).toEqual(made)
    })

    it('knows nothing of what was never put, whatever it is called', async () => {
      const store = make()
      for (const id of ['plant-2026-11-16', 'nothing', '../../etc/passwd', ''])
        expect(await store.get(id), id).toBeNull()
      expect(await store.list(10)).toEqual([])
    })

    it('lists the newest first, without their contents, as many as asked for', async () => {
      const store = make()
      const all = [report('plant', '2026-11-09'), report('fleet', '2026-11-16'), report('building', '2026-11-16'), report('plant', '2026-11-02')] // prettier-ignore
      for (const one of all) await store.put(one)
      const listed = await store.list(3)
      expect(listed.map(({ id }) => id)).toEqual(['building-2026-11-16', 'fleet-2026-11-16', 'plant-2026-11-09']) // prettier-ignore
      const { sections: _, ...summary } = all[0]!
      expect(listed[2]).toEqual(summary)
    })

    it('puts a new one of the same id in the place of the old', async () => {
      const store = make()
      const made = report('fleet', '2026-11-16')
      await store.put(made)
      await store.put({ ...made, madeAt: made.madeAt + 1, sections: [] })
      expect(await store.list(10)).toHaveLength(1)
      expect(await store.get(made.id)).toMatchObject({ madeAt: made.madeAt + 1, sections: [] })
    })
  })
}
