import { count } from '../data/format.ts'
import type { StatusCounts } from '../data/presence.ts'
import { Loading, Panel, PresenceMark, type Presence } from '../ui/parts.tsx'

const order: readonly Presence[] = ['online', 'silent', 'offline', 'never', 'suspended', 'retired']

/** Devices by status: a bar for each, so that what is missing shows against what is there. */
export function DeviceConditions({ counts }: { counts: StatusCounts | null }) {
  return (
    <Panel title="Devices by status" actions={<a href="#/sites?only=silent">Missing ones</a>}>
      {!counts ? (
        <Loading lines={4} />
      ) : (
        <ul class="bars">
          {order
            .filter((presence) => counts[presence] > 0 || presence === 'online')
            .map((presence) => (
              <li key={presence}>
                <PresenceMark presence={presence} />
                <span class={`bar ${presence}`} aria-hidden="true">
                  <i style={{ width: `${(100 * counts[presence]) / Math.max(1, counts.devices)}%` }} />
                </span>
                <b>{count(counts[presence])}</b>
              </li>
            ))}
        </ul>
      )}
    </Panel>
  )
}
