import { call, withQuery } from '../api/client.ts'
import type { Alarm, Page, Severity } from '../api/types.ts'
import {
  activeAlarms,
  byUrgency,
  isUnacknowledged,
  loadActiveAlarms,
  severities,
} from '../data/active-alarms.ts'
import { useData } from '../data/use-data.ts'
import { may } from '../session/me.ts'
import { Confirm } from '../ui/confirm.tsx'
import { useAction, Choice } from '../ui/form.tsx'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { route, setQuery } from '../router.ts'
import { AlarmDetail } from './alarm-detail.tsx'
import { AlarmTable } from './alarm-table.tsx'
import { useState } from 'preact/hooks'
import { AcknowledgeDialog } from './acknowledge-dialog.tsx'

const LISTED = 1000

type StateFilter = 'active' | 'unacknowledged' | 'all'
const stateOptions = [
  ['active', 'Active'],
  ['unacknowledged', 'Not acknowledged'],
  ['all', 'All, cleared too'],
] as const

export function AlarmsPage() {
  const { parts, query } = route.value
  const selected = parts[1]
  const state = (query.get('state') ?? 'active') as StateFilter
  const severity = (query.get('severity') ?? '') as Severity | ''
  const text = (query.get('text') ?? '').toLowerCase()
  const [asked, setAsked] = useState<Alarm | null>(null)
  const action = useAction()
  const path = withQuery('/v1/alarms', { state, severity, limit: LISTED })
  // The shared list changes with every piece of live news; this page's own filter then asks again.
  const version = (activeAlarms.value ?? [])
    .map(({ id, transitionAt, state }) => `${id}${transitionAt}${state}`)
    .join()
  const { data, problem, loading, reload } = useData(
    path,
    async (signal) => {
      const { items, next } = await call<Page<Alarm>>(path, { signal })
      return { alarms: items.sort(byUrgency), complete: next === null }
    },
    15_000,
  )
  const [seen, setSeen] = useState(version)
  if (seen !== version) {
    setSeen(version)
    reload()
  }
  const shown = (data?.alarms ?? []).filter(
    (alarm) =>
      text === '' ||
      `${alarm.thing} ${alarm.rule} ${alarm.key} ${alarm.why.text}`.toLowerCase().includes(text),
  )

  const acknowledge = (alarm: Alarm, comment: string): void =>
    action.run(async () => {
      await call<Alarm>(`/v1/alarms/${encodeURIComponent(alarm.id)}/acknowledge`, {
        method: 'POST',
        body: comment === '' ? {} : { comment },
      })
      setAsked(null)
      reload()
      await loadActiveAlarms()
    })

  const waiting = shown.filter(isUnacknowledged)
  const acknowledgeAll = (): void =>
    action.run(async () => {
      for (const { id } of waiting)
        await call(`/v1/alarms/${encodeURIComponent(id)}/acknowledge`, { method: 'POST', body: {} })
      reload()
      await loadActiveAlarms()
    })

  return (
    <>
      <div class="toolbar">
        <Choice
          label="State"
          value={state}
          options={stateOptions}
          onChange={(value) => setQuery({ state: value })}
        />
        <Choice
          label="Severity"
          value={severity}
          options={[['', 'Any'], ...severities.map((s) => [s, s] as const)]}
          onChange={(value) => setQuery({ severity: value })}
        />
        <label class="choice">
          <span>Device or text</span>
          <input
            type="search"
            value={query.get('text') ?? ''}
            onInput={(event) => setQuery({ text: event.currentTarget.value })}
          />
        </label>
        {may('operator') && waiting.length > 1 && (
          <span class="push">
            <Confirm
              label={`Acknowledge all ${waiting.length}`}
              question="Without a comment?"
              disabled={action.busy}
              onConfirm={acknowledgeAll}
            />
          </span>
        )}
      </div>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      {action.problem && !asked && <ProblemNote problem={action.problem} />}
      <div class={selected === undefined ? 'stack' : 'columns'}>
        <Panel
          title="Alarms"
          actions={
            <span class="muted">
              {data
                ? `${shown.length} shown${data.complete ? '' : ` of more than ${LISTED}; narrow them down`}`
                : ''}
            </span>
          }
        >
          {shown.length > 0 ? (
            <AlarmTable
              alarms={shown}
              {...(selected === undefined
                ? may('operator') && { onAcknowledge: setAsked }
                : { selected, brief: true })}
            />
          ) : loading && !data ? (
            <Loading />
          ) : (
            <Empty title={state === 'all' ? 'No alarm was ever raised' : 'No alarm matches'}>
              {state === 'all' ? (
                'Limits, rates and stuck sensors are set per device type, under Devices, Types.'
              ) : (
                <button
                  type="button"
                  class="small"
                  onClick={() => setQuery({ state: 'all', severity: null, text: null })}
                >
                  Show all alarms, cleared ones too
                </button>
              )}
            </Empty>
          )}
        </Panel>
        {selected !== undefined && (
          <AlarmDetail
            key={selected}
            id={selected}
            version={version}
            {...(may('operator') && { onAcknowledge: setAsked })}
          />
        )}
      </div>
      {asked && (
        <AcknowledgeDialog
          alarm={asked}
          busy={action.busy}
          problem={action.problem}
          onClose={() => setAsked(null)}
          onAcknowledge={acknowledge}
        />
      )}
    </>
  )
}
