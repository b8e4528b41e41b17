import { call, withQuery } from '../api/client.ts'
import type { Page, QuarantineSummary } from '../api/types.ts'
import { bytes, moment } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { linkTo, route, setQuery } from '../router.ts'
import { Choice } from '../ui/form.tsx'
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
  const path = withQuery('/v1/quarantine', { status, reason, client, limit: 200 })
  const { data, problem, loading, reload } = useData(
    path,
    async (signal) => call<Page<QuarantineSummary>>(path, { signal }),
    10_000,
  )
  const reasons = [...new Set([...(data?.items.map(({ reason }) => reason) ?? []), ...(reason === '' ? [] : [reason])])].sort() // prettier-ignore
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
      </div>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      <div class={selected === undefined ? 'stack' : 'columns'}>
        <Panel
          title="Refused records"
          actions={
            <span class="muted">
              {data ? `${data.items.length}${data.next === null ? '' : '+'} shown` : ''}
            </span>
          }
        >
          {loading && !data ? (
            <Loading />
          ) : data && data.items.length > 0 ? (
            <Table
              label="Refused records"
              items={data.items}
              keyOf={({ id }) => id}
              rowClass={({ id }) => (id === selected ? 'selected' : '')}
              columns={[
                { title: 'Received', cell: ({ id, receivedAt }) => <a href={linkTo(['quarantine', id], filter)}>{moment(receivedAt)}</a> }, // prettier-ignore
                { title: 'Sender', cell: (entry) => entry.client },
                { title: 'Reason', cell: (entry) => <b>{entry.reason}</b> },
                { title: 'What was wrong', cell: ({ detail }) => detail, minor: true },
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
