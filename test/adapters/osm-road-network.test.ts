import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { osmRoadNetwork } from '../../src/adapters/local/osm-road-network.ts'

const file = fileURLToPath(new URL('../fixtures/road/monaco.osm.gz', import.meta.url))

describe('osmRoadNetwork', () => {
  it('answers routes and matrices that agree', async () => {
    const network = osmRoadNetwork({ file })
    const places = [
      { lat: 43.727687, lon: 7.418737 },
      { lat: 43.74958, lon: 7.436566 },
      { lat: 43.733802, lon: 7.413433 },
    ]
    const profile = { mode: 'car', objective: 'fastest', heightM: 2.4 } as const
    const matrix = await network.matrix(places, profile)
    for (const [i, from] of places.entries())
      for (const [j, to] of places.entries()) {
        const route = await network.route(from, to, profile)
        expect(matrix.durationS[i * 3 + j]).toBeCloseTo(route!.durationS, 6)
      }
  })

  it('fails with the file’s error when there is no such file', async () => {
    await expect(
      osmRoadNetwork({ file: '/nowhere.osm.gz' }).matrix([], { mode: 'car', objective: 'fastest' }),
    ).rejects.toThrow(/ENOENT/)
  })
})
