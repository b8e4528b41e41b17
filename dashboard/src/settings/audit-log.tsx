import type { AuditEntry } from '../api/types.ts'
import { moment } from '../data/format.ts'
import { usePages } from '../data/use-pages.ts'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'

export function AuditLog() {
  const { items, problem, loading, reload, more } = usePages<AuditEntry>('/v1/audit?limit=100')
  return (
    <Panel
      title="Audit log"
      actions={
        <button type="button" class="small" onClick={reload}>
          Reload
        </button>
      }
    >
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      {!items && !problem && <Loading />}
      {items?.length === 0 && <Empty title="Nothing was changed yet">Who changes what appears here.</Empty>}
      {items && items.length > 0 && (
        <Table
          label="Audit log"
          items={items}
          keyOf={({ id }) => id}
          columns={[
            { title: 'When', cell: ({ at }) => <span class="nowrap">{moment(at)}</span> },
            { title: 'Who', cell: ({ actor }) => actor },
            { title: 'What', cell: ({ action }) => action },
            { title: 'On', cell: ({ subject }) => <span class="breakable">{subject}</span> },
            { title: 'Detail', cell: ({ detail }) => <Detail text={detail} />, minor: true },
          ]}
        />
      )}
      {more && (
        <p class="more">
          <button type="button" onClick={more} disabled={loading}>
            Show more
          </button>
        </p>
      )}
    </Panel>
  )
}

/** A long one opens on demand, by keyboard as well. */
function Detail({ text }: { text: string }) {
  if (text.length <= 48) return <span class="muted">{text}</span>
  return (
    <details class="muted">
      <summary>{`${text.slice(0, 44)}…`}</summary>
      <code class="breakable">{text}</code>
    </details>
  )
}
