import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { createRoutePlanner } from '../../local/route-planner.ts'

const road = fileURLToPath(new URL('../fixtures/road/monaco.osm.gz', import.meta.url))
const clock = { now: () => Date.UTC(2026, 0, 5, 8), elapsed: () => 0 }
const position = (thing: string) => (thing === 'van-1' ? { lat: 43.7279, lon: 7.4185 } : null)
const planner = createRoutePlanner({ road, position, clock })
const ask = async (thing: string, body: string, by = planner) =>
  by.answer({ id: 'r', thing, name: 'route', at: 0, body })
const toPort = JSON.stringify({ destination: { lat: 43.7352, lon: 7.4213 } })
afterAll(() => planner.close())

describe('createRoutePlanner', () => {
  it('plans on a thread of its own, and refuses by code what it cannot plan', async () => {
    expect(await ask('van-1', toPort)).toMatchObject({ stops: [], unassigned: [] })
    expect(await ask('van-1', '{')).toMatchObject({ code: 'bad_json' })
    expect(await ask('van-1', '[]')).toMatchObject({ code: 'bad_request' })
    expect(await ask('van-2', toPort)).toMatchObject({ code: 'no_position' })
    const paris = JSON.stringify({ destination: { lat: 48.8566, lon: 2.3522 } })
    expect(await ask('van-1', paris)).toMatchObject({ code: 'no_way' })
  })

  it('says that it has no map, and refuses more than it could plan in time', async () => {
    const mapless = createRoutePlanner({ road: null, position, clock })
    expect(await ask('van-1', toPort, mapless)).toMatchObject({ code: 'no_map' })
    const answers = await Promise.all(Array.from({ length: 202 }, async () => ask('van-1', toPort)))
    expect(answers.filter((a) => (a as { code?: string }).code === 'busy')).toHaveLength(2)
  })
})
