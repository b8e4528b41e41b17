import { useState } from 'preact/hooks'
import { call, withQuery } from '../api/client.ts'
import type { AuditEntry, Page } from '../api/types.ts'
import { moment } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'

export function AuditLog() {
  const [limit, setLimit] = useState(50)
  const path = withQuery('/v1/audit', { limit })
  const { data, problem, reload } = useData(path, async (signal) => call<Page<AuditEntry>>(path, { signal }))
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
      {!data && !problem && <Loading />}
      {data?.items.length === 0 && <Empty title="Nothing was changed yet" />}
      {data && data.items.length > 0 && (
        <>
          <Table
            label="Audit log"
            items={data.items}
            keyOf={({ id }) => id}
            columns={[
              { title: 'When', cell: ({ at }) => moment(at), numeric: true },
              { title: 'Who', cell: ({ actor }) => actor },
              { title: 'What', cell: ({ action }) => action },
              { title: 'On', cell: ({ subject }) => subject },
              { title: 'Detail', cell: ({ detail }) => <span class="muted clip" title={detail}>{detail}</span>, minor: true }, // prettier-ignore
            ]}
          />
          {data.next !== null && limit < 1000 && (
            <p class="body">
              <button type="button" onClick={() => setLimit(Math.min(1000, limit * 4))}>
                Show more
              </button>
            </p>
          )}
        </>
      )}
    </Panel>
  )
}
