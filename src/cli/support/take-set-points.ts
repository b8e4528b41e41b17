import type { SetPoints } from '../../core/building/hvac/plan-zone.ts'
import type { DeviceConnection } from './device-connection.ts'

interface Request {
  id?: unknown
  payload?: { heatC?: unknown; coolC?: unknown; until?: unknown } | null
}

/** Hears the command `setpoints` as a zone's controller does, and answers it (docs/building.md). */
export async function takeSetPoints(
  thing: string,
  connection: DeviceConnection,
  command: (thing: string, command: SetPoints & { until: number }) => void,
): Promise<void> {
  await connection.subscribe(`cmd/building/${thing}/setpoints/request`, (topic, text) => {
    const { id, payload } = parsed(text)
    if (typeof id !== 'string') return
    const { heatC, coolC, until } = payload ?? {}
    const valid = typeof heatC === 'number' && typeof coolC === 'number' && typeof until === 'number'
    if (valid) command(thing, { heatC, coolC, until })
    const answer = valid
      ? { id, status: 'succeeded' }
      : { id, status: 'failed', reason: 'no set-points in it' }
    connection.publish(topic.replace(/request$/, 'response'), JSON.stringify(answer)).catch(() => {})
  })
}

function parsed(text: string): Request {
  try {
    return (JSON.parse(text) as Request | null) ?? {}
  } catch {
    return {}
  }
}
