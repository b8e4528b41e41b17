import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import type { DeviceMinute } from './hot-store.ts'

type Standing = Pick<WindowRow, 'version' | 'repaired'>

/** Whether a window replaces the one that stands: repaired beats streamed whatever its version, the newer its own kind. */
export const replaces = (standing: Standing, window: Standing): boolean =>
  window.repaired === standing.repaired ? window.version >= standing.version : window.repaired

/** A streamed window that finds a repaired one may know readings that repair did not: its minute is repaired again (docs/adr/0003). */
export const asksForRepair = (standing: Standing, window: Standing): boolean =>
  standing.repaired && !window.repaired

/** Of each window the one that stands among these, and the minutes whose streamed windows met repaired ones here. */
export function settledWindows(windows: readonly WindowRow[]): {
  windows: WindowRow[]
  dirty: DeviceMinute[]
} {
  const standing = new Map<string, WindowRow>()
  const dirty: DeviceMinute[] = []
  for (const window of windows) {
    const { thing, measure, minute } = window
    const key = `${thing}\n${measure}\n${minute}`
    const known = standing.get(key)
    if (known && asksForRepair(known, window)) dirty.push({ thing, minute })
    if (!known || replaces(known, window)) standing.set(key, window)
  }
  return { windows: [...standing.values()], dirty }
}

export const windowsOf = (effects: readonly DataEffect[]): WindowRow[] =>
  effects.flatMap((effect) => (effect.kind === 'window' ? [effect.window] : []))
