import { bytes, count, duration } from '../data/format.ts'
import { health } from '../data/health.ts'
import { nowTicking } from '../data/clock.ts'
import { Loading, Panel } from '../ui/parts.tsx'
import type { Health } from '../api/types.ts'

interface StageRow {
  name: string
  /** Codes of conditions that are this stage's. */
  codes: readonly string[]
  figure: (gauges: Health['gauges']) => string | null
}

const has = (gauges: Health['gauges'], name: string, text: (n: number) => string): string | null => {
  const n = gauges[name]
  return n === undefined ? null : text(n)
}

/** The way of a reading, in order; a row without figures on this runtime is left out unless it is in trouble. */
const rows: readonly StageRow[] = [
  {
    name: 'Receive',
    codes: ['broker_failing'],
    figure: (g) => has(g, 'connections', (n) => `${count(n)} connected`),
  },
  { name: 'Journal', codes: ['journal_failing'], figure: (g) => has(g, 'journal_waiting_bytes', (n) => (n === 0 ? 'nothing waits' : `${bytes(n)} wait`)) }, // prettier-ignore
  { name: 'Pipeline', codes: ['pipeline_behind'], figure: (g) => has(g, 'lag_records', (n) => (n === 0 ? 'no lag' : `${count(n)} records behind`)) }, // prettier-ignore
  { name: 'Store', codes: ['store_failing'], figure: (g) => has(g, 'store_outstanding_bytes', (n) => (n === 0 ? 'all stored' : `${bytes(n)} on the way`)) }, // prettier-ignore
  { name: 'Alarms', codes: ['delivery_failing', 'notifier_failing'], figure: (g) => has(g, 'notifications_waiting', (n) => (n === 0 ? 'all told' : `${count(n)} untold`)) }, // prettier-ignore
  { name: 'Quarantine', codes: [], figure: (g) => has(g, 'quarantined_total', (n) => `${count(n)} refused`) },
  { name: 'Clock', codes: ['clock_jumped'], figure: () => null },
  { name: 'Disk', codes: ['disk_low'], figure: (g) => has(g, 'disk_free_bytes', (n) => `${bytes(n)} free`) },
  { name: 'Memory', codes: [], figure: (g) => has(g, 'resident_bytes', bytes) },
]

export function Stages() {
  const found = health.value
  if (!found)
    return (
      <Panel title="Health of each stage">
        <Loading lines={7} />
      </Panel>
    )
  const known = new Set(rows.flatMap(({ codes }) => codes))
  const others = found.conditions.filter(({ code }) => !known.has(code))
  return (
    <Panel
      title="Health of each stage"
      actions={
        <span class="muted">
          {found.version === '0' ? '' : `${found.version}, `}up {duration(nowTicking() - found.startedAt)}
        </span>
      }
    >
      <ul class="stages">
        {rows.map(({ name, codes, figure }) => {
          const troubles = found.conditions.filter(({ code }) => codes.includes(code))
          const text = figure(found.gauges)
          if (text === null && troubles.length === 0) return null
          return (
            <li key={name}>
              <b>{name}</b>
              <span class="figure">{text}</span>
              <span class={troubles.length > 0 ? 'chip degraded' : 'muted'}>
                {troubles.length > 0 ? 'degraded' : 'ok'}
              </span>
              {troubles.map(({ code, text }) => (
                <span key={code} class="bad">
                  {text}
                </span>
              ))}
            </li>
          )
        })}
        {others.map(({ code, text }) => (
          <li key={code}>
            <b>Platform</b>
            <span class="figure">{text}</span>
            <span class="chip degraded">degraded</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
