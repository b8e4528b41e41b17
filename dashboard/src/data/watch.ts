import { loadMe, me } from '../session/me.ts'
import { session } from '../session/session.ts'
import { follow, lastHeardAt } from '../live/live.ts'
import { activeAlarms, loadActiveAlarms } from './active-alarms.ts'
import { now } from './clock.ts'
import { health, healthProblem, lookAtHealth, throughput, throughputNow } from './health.ts'
import { devices, loadRegistry, types } from './registry.ts'

const HEALTH_MS = 2000
const ALARMS_MS = 10_000
const REGISTRY_MS = 60_000
/** A role may change while the page is open. */
const ME_MS = 60_000

/** Keeps what every page shows current while somebody is signed in and looks. */
export function watchPlatform(): () => void {
  const timers = [
    every(ME_MS, loadMe),
    every(HEALTH_MS, async () => {
      await lookAtHealth()
      if (health.value) lastHeardAt.value = now()
    }),
    every(ALARMS_MS, loadActiveAlarms),
    every(REGISTRY_MS, loadRegistry),
  ]
  let burst: ReturnType<typeof setTimeout> | undefined
  const alarmsSoon = (): void => {
    clearTimeout(burst)
    burst = setTimeout(() => void loadActiveAlarms().catch(() => {}), 100)
  }
  const unfollow = follow({ things: [], onAlarm: alarmsSoon, onGap: alarmsSoon })
  return () => {
    unfollow()
    clearTimeout(burst)
    for (const stop of timers) stop()
    forget()
  }
}

/** Whoever signs in next must not see what this one saw. */
function forget(): void {
  me.value = undefined
  devices.value = null
  types.value = new Map()
  activeAlarms.value = null
  health.value = null
  healthProblem.value = null
  throughput.value = { at: [], readings: [] }
  throughputNow.value = null
  lastHeardAt.value = 0
}

function every(ms: number, task: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  const run = async (): Promise<void> => {
    if (!document.hidden && session.value) await task().catch(() => {})
    if (!stopped) timer = setTimeout(() => void run(), ms)
  }
  const seen = (): void => {
    if (document.hidden) return
    clearTimeout(timer)
    void run()
  }
  document.addEventListener('visibilitychange', seen)
  void run()
  return () => {
    stopped = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
  }
}
