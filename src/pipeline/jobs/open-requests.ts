import type { DeviceRequest } from '../../core/alarm/transition.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import { withdrawnFact } from '../../core/telemetry/withdrawn-fact.ts'
import type { RequestDesk } from '../../ports/command-desk.ts'
import type { TelemetryReader } from '../../ports/telemetry-reader.ts'

export interface OpenRequestsPorts {
  /** Works for as long as it takes. */
  desk: RequestDesk
  telemetry: Pick<TelemetryReader, 'facts'>
  write(facts: readonly Fact[]): Promise<void> | void
  onError(error: Error): void
}

export interface OpenRequests extends RequestDesk {
  /** Takes up what an earlier run, or a failure, has left open. */
  resume(now: EpochMs): Promise<void>
}

export const OPEN_REQUEST = 'openRequest'
/** Who has waited longer has asked again. */
const WORTH_ANSWERING_MS = 10 * 60_000
const MOST_RESUMED = 1000

/**
 * Takes requests without holding up the pipeline that brings them: each is kept as a fact until it has been answered,
 * so a crash in between answers it late, not never. Answering twice is the desk's business: its answers have stable ids.
 */
export function createOpenRequests(ports: OpenRequestsPorts): OpenRequests {
  const { desk, telemetry, write, onError } = ports
  const working = new Set<string>()

  async function work(request: DeviceRequest): Promise<void> {
    if (working.has(request.id)) return
    working.add(request.id)
    try {
      await desk.answer([request])
      await write([withdrawnFact(openRequestFact(request), request.at)])
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)))
    } finally {
      working.delete(request.id)
    }
  }

  return {
    answer: async (requests) => {
      await write(requests.map(openRequestFact))
      for (const request of requests) void work(request)
    },
    resume: async (now) => {
      const open = await telemetry.facts({
        type: OPEN_REQUEST,
        from: now - WORTH_ANSWERING_MS,
        to: now,
        limit: MOST_RESUMED,
      })
      for (const { thing, key, at, value } of open)
        void work({ id: key, thing, at, name: String(value['name']), body: String(value['body']) })
    },
  }
}

/** What keeps a request until it has been answered. */
export const openRequestFact = ({ id, thing, at, name, body }: DeviceRequest): Fact => ({
  type: OPEN_REQUEST,
  thing,
  key: id,
  at,
  until: at,
  version: at,
  value: { name, body },
})
