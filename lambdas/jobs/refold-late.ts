import { readStates } from '../../src/adapters/aws/dynamo/dynamo-state-store.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { Fact } from '../../src/core/telemetry/stage.ts'
import type { Configuration } from '../../src/pipeline/configuration.ts'
import { createRefold } from '../../src/pipeline/jobs/refold.ts'
import { LATE_TRACK, readTrip } from '../../src/pipeline/stages/trips.ts'
import type { tradePipelines } from '../../src/pipeline/trades.ts'
import type { TelemetryReader } from '../../src/ports/telemetry-reader.ts'

export interface RefoldLateParts {
  dynamo: Dynamo
  stateTable: string
  pipeline: ReturnType<typeof tradePipelines>['fleet']
  telemetry: Pick<TelemetryReader, 'readings' | 'facts'>
  write(facts: readonly Fact[]): Promise<void>
  configuration: Configuration
}

const MOST_MARKS = 10_000

/** Puts trips right where positions came late, by the states of just those vehicles. */
export async function refoldLate(parts: RefoldLateParts, now: EpochMs): Promise<void> {
  const { dynamo, stateTable, pipeline, telemetry, write, configuration } = parts
  const marks = await telemetry.facts({
    type: LATE_TRACK,
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    limit: MOST_MARKS,
  })
  if (marks.length === 0) return
  const things = [...new Set(marks.map(({ thing }) => thing))]
  const states = await readStates(dynamo, stateTable, things, [pipeline.layout])
  const tripOf = readTrip(pipeline.layout)
  const trips = new Map(states.map((state) => [state.thing, tripOf(state)]))
  const refold = createRefold({
    telemetry,
    write,
    profile: configuration.profile,
    status: (thing) => trips.get(thing) ?? null,
  })
  await refold(now)
}
