import { describe, expect, it } from 'vitest'
import type { KnownLink } from '../../lambdas/middleware/presence-snapshot.ts'
import { presenceMinute } from '../../lambdas/tick/presence-minute.ts'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'
import { deviceType, plantDevice, T0 } from '../support/harness.ts'

const MINUTE = 60_000

/** Minutes of a deployment: what is kept between them, and what was raised and cleared. */
function minutes(changes = [plantDevice('pump-1'), plantDevice('pump-2'), deviceType({ t: {} })]) {
  let kept: Uint8Array | null = null
  const links: KnownLink[] = []
  const said: string[] = []
  const book = dynamoAlarmBook(dynamoDouble({ pageSize: 100 }).client, 'AlarmBook')
  const run = async (minute: number, receipts: Record<string, number>): Promise<void> =>
    presenceMinute(
      {
        load: async () => kept,
        save: async (bytes) => void (kept = bytes),
        links: async () => links,
        alarms: book,
        configuration: configuration(changes),
        deliver: async (transitions) => {
          for (const t of await book.apply(transitions, T0, () => false))
            said.push(`${minute}: ${t.rule} ${t.thing} ${t.to}`)
        },
      },
      new Map(Object.entries(receipts).map(([thing, receivedAt]) => [thing, { receivedAt, place: null }])),
      T0 + minute * MINUTE,
    )
  return { run, links, said }
}
/** Heard once a minute, 5 s before it is over. */
const heard = (minute: number): number => T0 + minute * MINUTE - 5_000

describe('presenceMinute', () => {
  it('learns how often a device speaks, misses it, and hears it again', async () => {
    const { run, said } = minutes()
    for (let m = 0; m <= 10; m++) await run(m, { 'pump-1': heard(m), 'pump-2': heard(m) })
    for (let m = 11; m <= 20; m++) await run(m, { 'pump-1': heard(m), 'pump-2': heard(10) })
    for (let m = 21; m <= 23; m++) await run(m, { 'pump-1': heard(m), 'pump-2': heard(m) })
    expect(said).toEqual(['13: device_silent pump-2 active', '21: device_silent pump-2 clear'])
  })

  it('says at once that a connection is gone, and that it is back', async () => {
    const { run, links, said } = minutes()
    links.push({ thing: 'pump-1', connected: true, at: heard(0) })
    for (let m = 0; m <= 3; m++) await run(m, { 'pump-1': heard(m) })
    links[0] = { thing: 'pump-1', connected: false, at: heard(4) }
    await run(4, { 'pump-1': heard(3) })
    await run(5, { 'pump-1': heard(3) })
    for (let m = 6; m <= 7; m++) await run(m, { 'pump-1': heard(3) })
    links[0] = { thing: 'pump-1', connected: true, at: heard(8) }
    for (let m = 8; m <= 9; m++) await run(m, { 'pump-1': heard(m) })
    expect(said).toEqual(['5: device_offline pump-1 active', '8: device_offline pump-1 clear'])
  })

  it('misses a device whose connection stands, and says so once', async () => {
    const { run, links, said } = minutes()
    links.push({ thing: 'pump-2', connected: true, at: heard(0) })
    for (let m = 0; m <= 10; m++) await run(m, { 'pump-2': heard(m) })
    for (let m = 11; m <= 20; m++) await run(m, { 'pump-2': heard(10) })
    links[0] = { thing: 'pump-2', connected: true, at: heard(21) }
    await run(21, { 'pump-2': heard(10) })
    expect(said).toEqual(['13: device_silent pump-2 active', '21: device_silent pump-2 clear'])
  })

  it('hears a gateway by its children, however seldom they speak', async () => {
    const { run, links, said } = minutes([
      plantDevice('gate'),
      plantDevice('child', { gateway: 'gate' }),
      { kind: 'type', key: 'pump', effectiveFrom: 0, value: { name: 'pump', trade: 'plant', version: 1, measures: {}, expectedIntervalMs: 5 * MINUTE } }, // prettier-ignore
    ])
    links.push({ thing: 'gate', connected: true, at: heard(0) })
    for (let m = 0; m <= 60; m++) await run(m, { child: heard(m - (m % 5)) })
    expect(said).toEqual([])
  })

  it('blames nobody for a pause of the platform itself', async () => {
    const { run, said } = minutes()
    for (let m = 0; m <= 10; m++) await run(m, { 'pump-1': heard(m) })
    await run(60, { 'pump-1': heard(10) }) // nothing ran for fifty minutes
    await run(61, { 'pump-1': heard(10) })
    expect(said).toEqual([])
    for (let m = 62; m <= 66; m++) await run(m, { 'pump-1': heard(10) })
    expect(said).toEqual(['63: device_silent pump-1 active'])
  })

  it('forgets devices that are gone', async () => {
    const { run, said } = minutes([plantDevice('pump-1'), deviceType({ t: {} })])
    for (let m = 0; m <= 20; m++) await run(m, { 'pump-1': heard(m), gone: heard(Math.min(m, 5)) })
    expect(said).toEqual([])
  })
})
