import type { Alarm } from '../api/types.ts'
import { isUnacknowledged } from '../data/active-alarms.ts'
import { measureText, readable } from '../data/format.ts'
import { linkTo, route } from '../router.ts'
import { Age, SeverityMark } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'

/** What an alarm says, without the name of its device where that stands beside it. */
export const alarmText = ({ thing, why }: Alarm): string =>
  readable(why.text.startsWith(`${thing} `) ? why.text.slice(thing.length + 1) : why.text)

export const stateText: Record<Alarm['state'], string> = {
  unackActive: 'active, not acknowledged',
  ackActive: 'active, acknowledged',
  unackCleared: 'cleared, not acknowledged',
  normal: 'cleared',
}

const shortText: Record<Alarm['state'], string> = {
  unackActive: 'not acknowledged',
  ackActive: 'acknowledged',
  unackCleared: 'cleared, not acknowledged',
  normal: 'cleared',
}

export function AlarmTable(props: {
  alarms: readonly Alarm[]
  selected?: string
  /** Without the state, where there is little room. */
  brief?: boolean
  onAcknowledge?: (alarm: Alarm) => void
}) {
  const { alarms, selected, brief = false, onAcknowledge } = props
  // Looking at one alarm leaves the list as it was filtered.
  const filter = route.value.parts[0] === 'alarms' ? Object.fromEntries(route.value.query) : {}
  return (
    <Table
      label="Alarms"
      items={alarms}
      keyOf={({ id }) => id}
      rowClass={(alarm) =>
        `${alarm.id === selected ? 'selected' : ''} ${isUnacknowledged(alarm) ? 'waiting' : ''}`
      }
      columns={[
        { title: 'Severity', cell: ({ severity }) => <SeverityMark severity={severity} />, card: 'lead' },
        {
          title: 'Device',
          card: 'lead',
          cell: ({ thing, raisedAt }) => (
            <a class="nowrap" href={linkTo(['device', thing], around(raisedAt))}>
              {thing}
            </a>
          ),
        },
        {
          title: 'What',
          card: 'plain',
          cell: (alarm) => (
            <a href={linkTo(['alarms', alarm.id], filter)} title={measureText(alarm.key)}>
              {alarmText(alarm)}
            </a>
          ),
        },
        ...(brief ? [] : [{ title: 'State', cell: ({ state }: Alarm) => <span class="nowrap">{shortText[state]}</span> }]), // prettier-ignore
        { title: 'Raised', cell: ({ raisedAt }) => <Age at={raisedAt} />, numeric: true },
        ...(onAcknowledge
          ? [
              {
                title: 'Acknowledge',
                card: 'plain' as const,
                cell: (alarm: Alarm) =>
                  isUnacknowledged(alarm) ? (
                    <button
                      type="button"
                      class="small"
                      aria-label={`Acknowledge ${alarm.thing}: ${alarmText(alarm)}`}
                      onClick={() => onAcknowledge(alarm)}
                    >
                      Acknowledge
                    </button>
                  ) : (
                    <span class="muted">{alarm.acknowledgedBy ?? ''}</span>
                  ),
              },
            ]
          : []),
      ]}
    />
  )
}

/** An old alarm’s link shows its own time, a new one’s the present. */
const around = (at: number): Record<string, string> =>
  Date.now() - at < 540_000 ? {} : { from: String(at - 300_000), to: String(at + 300_000) }
