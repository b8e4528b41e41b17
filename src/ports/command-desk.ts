import type { Command, DeviceRequest } from '../core/alarm/transition.ts'

/** Takes commands for devices; each id once, whatever is delivered twice. */
export interface CommandDesk {
  accept(commands: readonly Command[]): Promise<void>
}

/** Answers what devices ask. The answer is a command whose id derives from the request's, so it is given once. */
export interface RequestDesk {
  answer(requests: readonly DeviceRequest[]): Promise<void>
}
