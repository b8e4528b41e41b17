import type { Authority } from '../src/adapters/local/ca/authority.ts'
import type { EpochMs } from '../src/core/telemetry/reading.ts'
import type { AuthorityDesk } from '../src/ports/device-credentials.ts'
import type { LocalDevices } from './local-devices.ts'

export interface BoxAuthority extends AuthorityDesk {
  /** What somebody must do about it before this time, null if nothing. */
  warning(before: EpochMs): string | null
}

/** The box's roots, and which devices still have to hear of the newest. */
export function createBoxAuthority(parts: {
  authority: Pick<Authority, 'roots' | 'renewRoot'>
  devices: Pick<LocalDevices, 'lastGivenBefore'>
  /** The broker must take the new root into use. */
  onRenewal(): void
}): BoxAuthority {
  const { authority, devices, onRenewal } = parts
  const unaware = (): string[] => {
    const roots = authority.roots()
    return roots.length < 2 ? [] : devices.lastGivenBefore(roots.at(-1)!.madeAt)
  }
  return {
    roots: authority.roots,
    renewRoot: async () => {
      const root = await authority.renewRoot()
      onRenewal()
      return root
    },
    unaware,
    warning: (before) => {
      const serving = authority.roots().find(({ signsServer }) => signsServer)
      if (!serving || serving.signsDevices || serving.switchesAt >= before) return null
      const things = unaware()
      const day = new Date(serving.switchesAt).toISOString().slice(0, 10)
      return things.length === 0
        ? null
        : `on ${day} the server changes to the new root, which ${things.length} devices were never given (${things.slice(0, 3).join(', ')}); rotate their certificates before`
    },
  }
}
