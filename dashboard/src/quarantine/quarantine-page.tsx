import { call, segment, withQuery } from '../api/client.ts'
import type { QuarantineSummary } from '../api/types.ts'
import { bytes, moment } from '../data/format.ts'
import { usePages } from '../data/use-pages.ts'
import { linkTo, route, setQuery } from '../router.ts'
import { may } from '../session/me.ts'
import { Confirm } from '../ui/confirm.tsx'
import { Choice, useAction } from '../ui/form.tsx'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { QuarantineDetail } from './quarantine-detail.tsx'

type Status = 'open' | 'replayed' | 'discarded' | 'all'
const statusOptions = [
  ['open', 'Open'],
  ['replayed', 'Replayed'],
  ['discarded', 'Discarded'],
  ['all', 'All'],
] as const

/** What was refused, why, and the way to mend it and send it again. */
export function QuarantinePage() {
  const { parts, query } = route.value
  const selected = parts[1]
  const status = (query.get('status') ?? 'open') as Status
  const reason = query.get('reason') ?? ''
  const client = query.get('client') ?? ''
  const path = withQuery('/v1/quarantine', { status, reason, client, limit: 100 })
  const { items, problem, loading, reload, more } = usePages<QuarantineSummary>(path, 10_000)
  const action = useAction()
  const open = (items ?? []).filter((entry) => entry.status === 'open')
  const replayAll = (): void =>
    action.run(async () => {
      for (const { id } of open)
        await call(`/v1/quarantine/${segment(id)}/replay`, { method: 'POST', body: {} })
      reload()
    })
  const reasons = [...new Set([...(items?.map(({ reason }) => reason) ?? []), ...(reason === '' ? [] : [reason])])].sort() // prettier-ignore
  const filter = Object.fromEntries(query)
  return (
    <>
      <div class="toolbar">
        <Choice
          label="Status"
          value={status}
          options={statusOptions}
          onChange={(value) => setQuery({ status: value })}
        />
        <Choice
          label="Reason"
          value={reason}
          options={[['', 'Any'], ...reasons.map((r) => [r, r] as const)]}
          onChange={(value) => setQuery({ reason: value })}
        />
        <label class="choice">
          <span>Sender</span>
          <input
            type="search"
            value={client}
            onChange={(event) => setQuery({ client: event.currentTarget.value.trim() })}
          />
        </label>
        {may('operator') && open.length > 1 && (
          <span class="push">
            <Confirm
              label={`Replay all ${open.length} shown`}
              question="As they are?"
              disabled={action.busy}
              onConfirm={replayAll}
            />
          </span>
        )}
      </div>
      {action.problem && <ProblemNote problem={action.problem} />}
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      <div class={selected === undefined ? 'stack' : 'columns'}>
        <Panel
          title="Refused records"
          actions={<span class="muted">{items ? `${items.length}${more ? '+' : ''} shown` : ''}</span>}
        >
          {loading && !items ? (
            <Loading />
          ) : items && items.length > 0 ? (
            <Table
              label="Refused records"
              items={items}
              keyOf={({ id }) => id}
              rowClass={({ id }) => (id === selected ? 'selected' : '')}
              columns={[
                { title: 'Received', cell: ({ id, receivedAt }) => <a class="nowrap" href={linkTo(['quarantine', id], filter)}>{moment(receivedAt)}</a> }, // prettier-ignore
                { title: 'Sender', cell: (entry) => <span class="clip">{entry.client}</span> },
                { title: 'Reason', cell: (entry) => <b class="nowrap">{entry.reason}</b> },
                {
                  title: 'What was wrong',
                  cell: ({ detail }) => <span class="breakable">{detail}</span>,
                  card: 'plain',
                },
                { title: 'Size', cell: ({ sizeBytes }) => bytes(sizeBytes), numeric: true, minor: true },
                { title: 'Status', cell: (entry) => entry.status, minor: true },
              ]}
            />
          ) : (
            <Empty title={status === 'open' ? 'No refused record waits' : 'No refused record matches'}>
              A record that cannot be understood is kept here with its reason; it is never dropped, and never
              stops another one.
            </Empty>
          )}
          {more && (
            <p class="more">
              <button type="button" onClick={more} disabled={loading}>
                Show more
              </button>
            </p>
          )}
        </Panel>
        {selected !== undefined && (
          <QuarantineDetail
            key={selected}
            id={selected}
            back={linkTo(['quarantine'], filter)}
            onChanged={reload}
          />
        )}
      </div>
    </>
  )
}
