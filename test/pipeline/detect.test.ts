import { describe, expect, it } from 'vitest'
import type { DeviceType } from '../../src/core/device/profile.ts'
import { createHarness, deviceType, learned, plantDevice, T0 } from '../support/harness.ts'

const topic = 'dt/plant/p1/telemetry'

async function alarmsAfter(
  measure: DeviceType['measures'][string],
  values: (number | null)[],
  stepMs = 1000,
  extra = learned('p1', {}),
) {
  const harness = createHarness([plantDevice('p1'), deviceType({ m: measure }), extra])
  await harness.send({
    topic,
    payload: { at: T0, step: stepMs, measures: { m: values } },
    at: T0 + values.length * stepMs,
  })
  const alarms = await harness.alarmBook.list({ limit: 10, state: 'all' })
  const events = await Promise.all(alarms.map((a) => harness.alarmBook.history(a.id, 100)))
  return { harness, alarms, events: events.flat().sort((a, b) => a.at - b.at) }
}

describe('limits', () => {
  it('raise when crossed and clear only inside the dead-band', async () => {
    const { events, alarms } = await alarmsAfter(
      { high: 100, low: 0, deadband: 5 },
      [50, 101, 99, 96, 95, 50],
    )
    expect(events.map((e) => [e.kind, e.at - T0])).toEqual([
      ['raised', 1000],
      ['cleared', 4000],
    ])
    expect(alarms[0]).toMatchObject({
      rule: 'detect-high',
      state: 'unackCleared',
      severity: 'major',
      occurrences: 1,
    })
  })

  it('say what was expected and what was seen', async () => {
    const { alarms } = await alarmsAfter({ high: 100, low: 0, unit: 'Cel' }, [50, 101])
    expect(alarms[0]!.why).toEqual({
      detector: 'high',
      text: 'm is 101 Cel, above its limit of 100',
      observed: 101,
      expected: { low: 0, high: 100 },
      unit: 'Cel',
    })
  })

  it('mark readings outside as such without excluding them from the window', async () => {
    const { harness } = await alarmsAfter({ low: 0 }, [5, -1, 7])
    expect(harness.readings('p1').map((r) => r.quality)).toEqual(['good', 'outOfRange', 'good'])
    await harness.rest(T0 + 600_000)
    expect(harness.windows('p1')[0]).toMatchObject({ n: 3, min: -1 })
  })

  it('tell people of critical ones only', async () => {
    const { harness } = await alarmsAfter({ high: 10, severity: { limit: 'critical' } }, [5, 11, 5])
    expect(harness.told.map((t) => t.to)).toEqual(['active', 'clear'])
    const quiet = await alarmsAfter({ high: 10 }, [5, 11, 5])
    expect(quiet.harness.told).toEqual([])
  })

  it('keep one alarm a key however often it comes back', async () => {
    const { alarms } = await alarmsAfter({ high: 10, deadband: 0 }, [11, 5, 11, 5, 11])
    expect(alarms).toHaveLength(1)
    expect(alarms[0]).toMatchObject({ occurrences: 3, state: 'unackActive' })
  })
})

describe('rate of change', () => {
  it('is judged per second between advancing readings', async () => {
    const { events } = await alarmsAfter({ ratePerSecond: 2 }, [0, 2, 10, 11])
    expect(events.map((e) => [e.kind, e.at - T0])).toEqual([
      ['raised', 2000],
      ['cleared', 3000],
    ])
  })
})

describe('a stuck sensor', () => {
  it('is found after so many equal readings and freed by the first different one', async () => {
    const { events, harness } = await alarmsAfter({ stuckAfter: 4 }, [1, 7, 7, 7, 7, 7, 8])
    expect(events.map((e) => [e.kind, e.at - T0])).toEqual([
      ['raised', 4000],
      ['cleared', 6000],
    ])
    expect(harness.readings('p1').map((r) => r.quality)).toEqual([
      'good',
      'good',
      'good',
      'good',
      'stuck',
      'stuck',
      'good',
    ])
  })
})

describe('an outlier', () => {
  const usual = learned('p1', { m: { median: 50, spread: 2 } })

  it('is an anomaly at once and an alarm after three in a row', async () => {
    const { events, harness } = await alarmsAfter({}, [50, 63, 50, 63, 64, 65, 50], 1000, usual)
    expect(harness.anomalies('p1').map((a) => [a.detector, a.at - T0])).toEqual([
      ['outlier', 1000],
      ['outlier', 3000],
    ])
    expect(events.map((e) => [e.kind, e.at - T0])).toEqual([
      ['raised', 5000],
      ['cleared', 6000],
    ])
  })

  it('is nothing while nothing has been learned', async () => {
    const { harness } = await alarmsAfter({}, [50, 5000, 50])
    expect(harness.anomalies('p1')).toEqual([])
  })
})

describe('late and ahead readings', () => {
  it('raise nothing', async () => {
    const harness = createHarness([plantDevice('p1'), deviceType({ m: { high: 10 } })])
    await harness.send({ topic, payload: { at: T0, measures: { m: 5 } }, at: T0 })
    await harness.send({ topic, payload: { at: T0 - 5000, measures: { m: 99 } }, at: T0 + 10 })
    await harness.send({ topic, payload: { at: T0 + 90_000, measures: { m: 99 } }, at: T0 + 20 })
    await harness.send({
      topic: 'dt/plant/p1/backfill',
      payload: { at: T0 + 1, measures: { m: 99 } },
      at: T0 + 30,
    })
    expect(await harness.alarmBook.list({ limit: 10, state: 'all' })).toEqual([])
    expect(harness.readings('p1').map((r) => r.quality)).toEqual([
      'outOfRange',
      'good',
      'outOfRange',
      'outOfRange',
    ])
  })
})
