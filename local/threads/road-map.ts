import { parentPort, workerData } from 'node:worker_threads'
import { osmRoadTiles } from '../../src/adapters/local/osm-road-tiles.ts'
import { serve } from '../../src/adapters/local/rpc.ts'

/** The thread that holds the map for people’s eyes; the one that plans routes is held up by its searches. */
const { file } = workerData as { file: string }
const handlers = { ...osmRoadTiles({ file }) }
export type RoadMapThread = typeof handlers

serve(parentPort!, handlers)
