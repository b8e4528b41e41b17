import { loadMe } from '../session/me.ts'
import { session } from '../session/session.ts'
import { follow, lastHeardAt } from '../live/live.ts'
import { loadActiveAlarms } from './active-alarms.ts'
import { now } from './clock.ts'
import { health, lookAtHealth } from './health.ts'
import { loadRegistry } from './registry.ts'

const HEALTH_MS = 2000
const ALARMS_MS = 10_000
const REGISTRY_MS = 60_000

/** Keeps what every page shows current while somebody is signed in and looks. */
export function watchPlatform(): () => void {
  void loadMe().catch(() => {})
  const timers = [
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
  }
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
