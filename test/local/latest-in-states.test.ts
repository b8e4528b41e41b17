import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBoxStates } from '../../local/box-states.ts'
import { latestInStates } from '../../local/latest-in-states.ts'
import { createLatestTexts } from '../../local/latest-texts.ts'
import { addSeries, seriesBase, slotOf, type DeviceState } from '../../src/core/telemetry/device-state.ts'
import { tradeLayout } from '../../src/pipeline/trade-layouts.ts'
import type { NormalizeOffsets } from '../../src/pipeline/stages/normalize.ts'

const layout = tradeLayout('plant')
const o = layout.series('normalize') as NormalizeOffsets

function world() {
  const states = createBoxStates([layout], () => layout, [], [])
  const asked: string[][] = []
  let known: string | null = null
  const texts = createLatestTexts(async (wanted) => {
    asked.push(wanted.map(({ thing }) => thing))
    return wanted.map(() => known)
  })
  const reader = latestInStates(states, texts)
  const set = (state: DeviceState, measure: string, at: number, value: number): void => {
    if (slotOf(state, measure) < 0) addSeries(state, measure)
    const base = seriesBase(layout, slotOf(state, measure))
    state.f64[base + o.lastAt] = at
    state.f64[base + o.lastValue] = value
  }
  const write = (thing: string, measure: string, at: number, value: number): void => {
    const [state] = states.load([thing]) as DeviceState[]
    set(state!, measure, at, value)
    void states.commit([state!])
  }
  const page = async (things: readonly string[]): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode(await reader.latestPage(things, { next: null })))
  const truth = async (things: readonly string[]): Promise<unknown> =>
    JSON.parse(JSON.stringify({ items: await reader.latest(things), next: null }))
  return { states, reader, write, set, page, truth, asked, learn: (text: string) => void (known = text) }
}

const THINGS = ['m', 'ü', 'n-2', 'o'] as const

describe('latestInStates', () => {
  it('pages what the states say, whatever was asked for, written and erased before', async () => {
    const step = fc.oneof(
      fc.record({
        thing: fc.constantFrom(...THINGS),
        measure: fc.constantFrom('a', 'b@"x"', 'long-'.repeat(40)),
        value: fc.oneof(fc.constantFrom(0, -0, 1, Number.POSITIVE_INFINITY), fc.double({ noNaN: true })),
      }),
      fc.record({ erase: fc.constantFrom(...THINGS) }),
      fc.record({ ask: fc.uniqueArray(fc.constantFrom(...THINGS, 'nobody')) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { states, reader, write, page, truth } = world()
        for (const [i, step] of steps.entries()) {
          if ('ask' in step) expect(await page(step.ask)).toEqual(await truth(step.ask))
          else if ('erase' in step) {
            states.forget(step.erase)
            reader.forget(step.erase)
          } else write(step.thing, step.measure, i + 1, step.value)
        }
        expect(await page(THINGS)).toEqual(await truth(THINGS))
      }),
      { seed: 7, numRuns: 100 },
    )
  })

  it('writes a device again only once it is committed anew', async () => {
    const { states, write, set, page } = world()
    write('m', 'a', 1, 1)
    expect(await page(['m'])).toMatchObject({ items: [{ values: [{ value: 1 }] }] })
    const state = states.get('m')!
    set(state, 'a', 2, 2)
    expect(await page(['m'])).toMatchObject({ items: [{ values: [{ value: 1 }] }] })
    void states.commit([state])
    expect(await page(['m'])).toMatchObject({ items: [{ values: [{ value: 2 }] }] })
  })

  it('asks for a text until it is found, and answers two at once alike', async () => {
    const { write, page, learn, asked } = world()
    write('m', 'mode', 1, NaN)
    write('n-2', 'a', 1, 4)
    expect(await page(['m'])).toMatchObject({ items: [{ values: [{ value: null }] }] })
    learn('auto')
    const [one, two] = await Promise.all([page(['m', 'n-2']), page(['m', 'n-2'])])
    expect(one).toEqual(two)
    expect(one).toMatchObject({ items: [{ values: [{ text: 'auto' }] }, { values: [{ value: 4 }] }] })
    const before = asked.length
    await page(['m'])
    expect(asked.length).toBe(before)
  })

  it('keeps its bytes in proportion to what is there, however devices grow and go', async () => {
    const { states, reader, write, page } = world()
    for (let i = 0; i < 3000; i++) {
      const thing = `t-${i}`
      write(thing, 'x'.repeat(200), 1, i)
      await page([thing])
      states.forget(thing)
      reader.forget(thing)
    }
    expect(reader.bytes()).toBeLessThanOrEqual(256 * 1024)
  })
})
