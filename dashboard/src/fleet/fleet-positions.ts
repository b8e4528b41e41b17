import { call, withQuery } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import { latestByThing } from '../data/presence.ts'

/** Where a vehicle is, as the platform’s filter sees it. */
export interface Position {
  thing: string
  at: number
  latitude: number
  longitude: number
  speedKmh: number | null
  /** Degrees clockwise from north; null while it stands. */
  course: number | null
}

interface Answer {
  at: number
  rows: [
    thing: string,
    at: number,
    latitude: number,
    longitude: number,
    speedKmh: number,
    course: number | null,
    standing: 0 | 1,
  ][]
}

/** The positions of all vehicles, kept current by asking only for what is new. */
export class FleetPositions {
  readonly #known = new Map<string, Position>()
  #since: number | null = null
  #compact = true

  async refresh(signal: AbortSignal): Promise<ReadonlyMap<string, Position>> {
    if (this.#compact)
      try {
        await this.#refreshCompact(signal)
        return new Map(this.#known)
      } catch (error) {
        if (asProblem(error).code !== 'no_such_path') throw error
        this.#compact = false
      }
    for (const [thing, { values }] of await latestByThing('?trade=fleet', signal)) {
      const of = (measure: string) => values.find((value) => value.measure === measure)
      const [latitude, longitude] = [of('latitude')?.value, of('longitude')?.value]
      if (typeof latitude !== 'number' || typeof longitude !== 'number') continue
      const found = { at: of('latitude')?.at ?? 0, latitude, longitude }
      this.#known.set(thing, { thing, ...found, speedKmh: of('speed')?.value ?? null, course: null })
    }
    return new Map(this.#known)
  }

  async #refreshCompact(signal: AbortSignal): Promise<void> {
    const path = withQuery('/v1/fleet/positions', { since: this.#since })
    const { at, rows } = await call<Answer>(path, { signal })
    this.#since = at
    for (const [thing, moment, latitude, longitude, speedKmh, course, standing] of rows)
      this.#known.set(thing, {
        thing,
        at: moment,
        latitude,
        longitude,
        speedKmh: standing === 1 ? 0 : speedKmh,
        course,
      })
  }
}
