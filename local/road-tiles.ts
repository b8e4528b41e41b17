import { Worker } from 'node:worker_threads'
import { connect, type RemoteThread } from '../src/adapters/local/rpc.ts'
import type { RoadTiles } from '../src/ports/road-tiles.ts'
import type { RoadMapThread } from './threads/road-map.ts'

/** The road map on a thread of its own, begun when somebody first looks: most boxes never need its memory. */
export function createRoadTiles(file: string): RoadTiles & { close(): Promise<void> } {
  let worker: Worker | null = null
  let thread: RemoteThread<RoadMapThread> | null = null

  function map(): RemoteThread<RoadMapThread> {
    if (thread) return thread
    const begun = new Worker(new URL('./threads/road-map.ts', import.meta.url), { workerData: { file } })
    begun.once('exit', () => {
      if (worker === begun) worker = thread = null // the next look begins another
    })
    worker = begun
    return (thread = connect<RoadMapThread>(begun))
  }

  return {
    bounds: async () => map().call.bounds(),
    tile: async (zoom, x, y) => map().call.tile(zoom, x, y),
    close: async () => void (await worker?.terminate()),
  }
}
