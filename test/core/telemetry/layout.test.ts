import { describe, expect, it } from 'vitest'
import {
  addSeries,
  emptySnapshot,
  emptyState,
  openState,
  positionOf,
  restore,
  setPosition,
  storedState,
  takeSnapshot,
} from '../../../src/core/telemetry/device-state.ts'
import { layoutOf } from '../../../src/core/telemetry/layout.ts'
import type { Trade } from '../../../src/core/telemetry/reading.ts'
import { tradePipelines, tradeStages } from '../../../src/pipeline/trades.ts'

const pipelines = tradePipelines()
const plant = pipelines.plant.layout

describe('state layout', () => {
  it('keeps a series within 96 bytes, a device within 64, ten measures within one DynamoDB write unit', () => {
    expect(plant.seriesBytes).toBeLessThanOrEqual(96)
    expect(plant.headerBytes).toBeLessThanOrEqual(64)
    expect(plant.headerBytes + 10 * plant.seriesBytes).toBe(928)
  })

  it('has the same fields behind each format number as the release before', () => {
    const fields = Object.fromEntries(
      Object.entries(pipelines).map(([trade, { layout, stages }]) => [
        trade,
        {
          format: layout.format,
          headerBytes: layout.headerBytes,
          seriesBytes: layout.seriesBytes,
          stages: Object.fromEntries(
            stages.map(({ name }) => [name, { series: layout.series(name), device: layout.device(name) }]),
          ),
        },
      ]),
    )
    expect(fields).toMatchSnapshot()
  })

  it('has a place for just what the stages keep', () => {
    for (const [trade, { layout }] of Object.entries(pipelines)) {
      const own = layoutOf(layout.format, tradeStages[trade as Trade])
      expect([layout.headerBytes, layout.seriesBytes]).toEqual([own.headerBytes, own.seriesBytes])
      for (const { name } of tradeStages[trade as Trade])
        expect([layout.series(name), layout.device(name)], `${trade} ${name}`).toEqual([own.series(name), own.device(name)]) // prettier-ignore
    }
  })

  it('never lets two fields share a byte', () => {
    for (const { layout, stages } of Object.values(pipelines)) {
      const state = emptyState('x', layout)
      addSeries(state, 'm')
      const owners = new Map<number, string>()
      for (const { name } of stages) {
        for (const [field, index] of Object.entries(layout.series(name))) {
          const eightByte = !/^trend|^n$|^receipt$|^detect$/.test(field)
          const width = eightByte ? 8 : 4
          for (let b = index * width; b < (index + 1) * width; b++) {
            expect(owners.get(b), `${name}.${field}`).toBeUndefined()
            owners.set(b, `${name}.${field}`)
          }
        }
      }
      expect(Math.max(...owners.keys())).toBeLessThan(layout.seriesBytes)
    }
  })
})

describe('device state', () => {
  it('keeps a Kinesis sequence number of 186 bits', () => {
    const state = emptyState('x', plant)
    const position = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n
    setPosition(state, position)
    expect(positionOf(state)).toBe(position)
  })

  it('comes back from stored bytes as it was', () => {
    const state = emptyState('x', plant)
    addSeries(state, 'a')
    addSeries(state, 'b')
    state.f64[10] = 4.25
    const opened = openState(storedState(state), [plant])
    expect(opened.bytes).toEqual(state.bytes)
    expect(opened.slots).toEqual(new Map([['a', 0], ['b', 1]])) // prettier-ignore
  })

  it('refuses a format that this release does not know', () => {
    const stored = storedState(emptyState('x', plant))
    stored.bytes[0] = 250
    expect(() => openState(stored, [plant])).toThrow('format 250')
  })

  it('forgets a series that a failed record added', () => {
    const state = emptyState('x', plant)
    addSeries(state, 'a')
    const saved = emptySnapshot()
    takeSnapshot(state, saved)
    const before = state.bytes.slice()
    addSeries(state, 'b')
    state.f64[7] = 1
    restore(state, saved)
    expect(state.bytes).toEqual(before)
    expect(state.measures).toEqual(['a'])
    expect(state.slots.has('b')).toBe(false)
  })
})
