import type { Command } from '../core/alarm/transition.ts'

/** The way to devices. Publishing is at least once unless the command says otherwise. */
export interface DeviceLink {
  publish(topic: string, payload: Uint8Array, qos: 0 | 1): Promise<void>
  command(command: Command): Promise<void>
}
