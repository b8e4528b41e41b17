import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxDefaults, startBox } from '../../local/box.ts'
import { writeSparkplugPayload } from '../../src/pipeline/decode/sparkplug-payload.ts'
import { runTelltale } from './box-fixture.ts'

const dir = mkdtempSync(join(tmpdir(), 'telltale-rebuild-'))
const rebuild = async (...args: string[]) =>
  (await runTelltale(['rebuild', ...args, '--json', '--data', dir])).json
const stored = (): Map<string, string> => {
  const db = new DatabaseSync(join(dir, 'tail.db'), { readOnly: true })
  const rows = db.prepare('SELECT thing, bytes FROM state').all() as { thing: string; bytes: Uint8Array }[]
  db.close()
  return new Map(rows.map(({ thing, bytes }) => [thing, Buffer.from(bytes).toString('hex')]))
}

/** A box that has lived: live and buffered readings, refused ones, Sparkplug, journal files given to the archive. */
beforeAll(async () => {
  const box = await startBox({
    ...boxDefaults,
    dir,
    mqttPort: 0,
    httpsPort: 0,
    httpPort: 0,
    segmentBytes: 8 * 1024,
    tickEveryMs: 100,
    notifiers: [],
    version: 'test',
    log: () => {},
  })
  await box.devices.putType({ name: 'pump', trade: 'plant', measures: { flow: { high: 50 } } }, 'test')
  for (const thing of ['p-1', 'p-2'])
    await box.devices.put({ thing, trade: 'plant', type: 'pump', status: 'active', attributes: {} }, 'test')
  const send = (topic: string, payload: object | Uint8Array) =>
    box.submit({
      topic,
      client: topic.split('/')[2]!,
      receivedAt: Date.now(),
      payload: payload instanceof Uint8Array ? payload : Buffer.from(JSON.stringify(payload)),
    })
  const start = Date.now() - 600_000
  for (let i = 0; i < 120; i++) {
    const at = start + i * 4000
    await send('dt/plant/p-1/telemetry', {
      at,
      step: 100,
      measures: { flow: [i, 60 - i, null], mode: ['a', 'b', 'a'] },
    })
    if (i % 7 === 0)
      await send('dt/plant/p-1/backfill', { at: at - 9_000_000, measures: { flow: i, old: i } })
    if (i % 11 === 0) await send('dt/plant/p-1/telemetry', { at: 'never' })
    const metric = {
      name: 'level',
      alias: null,
      datatype: 10,
      timestamp: at,
      value: { field: 'double', value: i } as const,
    }
    const type = i === 0 ? 'NBIRTH' : 'NDATA'
    await send(
      `spBv1.0/plant/${type}/p-2`,
      writeSparkplugPayload({ timestamp: at, seq: i % 256, metrics: [metric] }),
    )
    if (i % 40 === 39) await box.settled()
  }
  await box.settled()
  await box.close()
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('telltale rebuild states', () => {
  it('finds what the box itself has come to, from archive and journal together', async () => {
    expect(await rebuild('states', '--dry-run')).toMatchObject({
      devices: 2,
      equal: 2,
      different: 0,
      missing: 0,
      kept: 0,
    })
  })

  it('puts states right that were lost or damaged', async () => {
    const before = stored()
    expect(before.size).toBe(2)
    const db = new DatabaseSync(join(dir, 'tail.db'))
    db.exec("DELETE FROM state WHERE thing = 'p-1'; UPDATE state SET bytes = zeroblob(200)")
    db.close()
    const { code } = await runTelltale(['rebuild', 'states', '--dry-run', '--data', dir])
    expect(code).toBe(1)
    expect(await rebuild('states')).toMatchObject({ equal: 0, different: 1, missing: 1, written: true })
    expect(stored()).toEqual(before)
    expect(await rebuild('states', '--dry-run')).toMatchObject({ equal: 2 })
  })

  it('leaves devices alone of which it has no record', async () => {
    const later = String(Date.now() + 3_600_000)
    expect(await rebuild('states', '--from', later)).toMatchObject({
      records: 0,
      devices: 0,
      kept: 2,
      from: null,
    })
    expect((await runTelltale(['rebuild', 'windows', '--from', later, '--data', dir])).code).toBe(2)
    expect((await runTelltale(['rebuild', 'everything', '--data', dir])).code).toBe(2)
  })
})
