import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { serve } from '../../src/adapters/local/rpc.ts'
import { openTailForReading } from '../../src/adapters/local/tail/schema.ts'
import { createTailReader } from '../../src/adapters/local/tail/tail-reader.ts'
import { vehicleTrack } from '../../src/pipeline/vehicle-track.ts'

/** The thread that answers questions, so that a long one delays neither devices nor alarms. */
const { dir } = workerData as { dir: string }

const db = openTailForReading(join(dir, 'tail.db'))
const reader = createTailReader(db)

const handlers = {
  readings: reader.readings,
  windows: reader.windows,
  anomalies: reader.anomalies,
  facts: reader.facts,
  track: vehicleTrack(reader),
  quarantineList: reader.quarantine.list,
  quarantineGet: reader.quarantine.get,
  close: () => db.close(),
}
export type QueryThread = typeof handlers

serve(parentPort!, handlers)
