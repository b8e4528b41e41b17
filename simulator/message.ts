import type { EpochMs, Lane } from '../src/core/telemetry/reading.ts'

/** The native message as it is written (docs/wire-format.md). */
export interface NativeMessage {
  at: EpochMs
  step?: number
  measures: Record<string, (number | null)[]>
}

export type DisorderName = 'duplicate' | 'late' | 'skewed' | 'buffered'

/** Something that a simulated device does at `sendAt`. Events ascend by it. */
export type SimulatedEvent =
  | {
      kind: 'message'
      thing: string
      sendAt: EpochMs
      lane: Lane
      /** Counts a device's messages as it made them. */
      sequence: number
      message: NativeMessage
      disorder: readonly DisorderName[]
    }
  | { kind: 'disconnect'; thing: string; sendAt: EpochMs; until: EpochMs }

export type SimulatedMessage = Extract<SimulatedEvent, { kind: 'message' }>
