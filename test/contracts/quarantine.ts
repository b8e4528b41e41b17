import { describe, expect, it } from 'vitest'
import type { Quarantined } from '../../src/ports/output.ts'
import type { Quarantine } from '../../src/ports/quarantine.ts'

export interface QuarantineCase {
  write(records: readonly Quarantined[]): Promise<void> | void
  quarantine: Quarantine
}

/** What the pipeline and the API rely on in every quarantine. */
export function quarantineContract(name: string, make: () => QuarantineCase): void {
  const bad = (position: bigint, over: Partial<Quarantined['record']> & { reason?: Quarantined['reason'] } = {}): Quarantined => ({
    record: { topic: 'dt/plant/p/telemetry', client: 'p', receivedAt: 1000 + Number(position), payload: Buffer.from([0, 255, 7]), position, ...over },
    reason: over.reason ?? 'bad_json',
    detail: 'x'.repeat(5000),
  }) // prettier-ignore

  describe(`Quarantine: ${name}`, () => {
    it('keeps a record as it came, with the reason', async () => {
      const { write, quarantine } = make()
      await write([bad(7n)])
      const entry = await quarantine.get('7')
      expect(entry).toMatchObject({ id: '7', topic: 'dt/plant/p/telemetry', client: 'p', receivedAt: 1007, reason: 'bad_json', status: 'open' }) // prettier-ignore
      expect([...entry!.payload]).toEqual([0, 255, 7])
      expect(entry!.detail).toHaveLength(2000)
      expect(await quarantine.get('8')).toBeNull()
    })

    it('takes what the transport could not even name', async () => {
      const { write, quarantine } = make()
      await write([bad(3n, { topic: '', client: '', payload: new Uint8Array(0) })])
      expect(await quarantine.list({ limit: 9 })).toMatchObject([{ id: '3', topic: '', client: '' }])
    })

    it('does not open again what a repeated batch brings again', async () => {
      const { write, quarantine } = make()
      await write([bad(7n)])
      await quarantine.mark('7', 'replayed')
      await write([bad(7n)])
      expect(await quarantine.get('7')).toMatchObject({ status: 'replayed' })
    })

    it('lists the newest first, in pages, by reason, client and status', async () => {
      const { write, quarantine } = make()
      await write([
        bad(9n, { receivedAt: 1010 }),
        bad(10n),
        bad(11n, { client: 'q' }),
        bad(12n, { reason: 'bad_time' }),
      ])
      await quarantine.mark('9', 'discarded')
      const ids = async (query: Parameters<Quarantine['list']>[0]) =>
        (await quarantine.list(query)).map((e) => e.id)
      expect(await ids({ limit: 10 })).toEqual(['12', '11', '10', '9'])
      expect(await ids({ limit: 2 })).toEqual(['12', '11'])
      expect(await ids({ limit: 2, cursor: '11' })).toEqual(['10', '9'])
      expect(await ids({ client: 'q', limit: 10 })).toEqual(['11'])
      expect(await ids({ status: 'open', reason: 'bad_json', limit: 10 })).toEqual(['11', '10'])
      expect(await ids({ status: 'discarded', limit: 10 })).toEqual(['9'])
    })
  })
}
