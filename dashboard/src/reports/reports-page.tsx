import { call } from '../api/client.ts'
import { dateTime } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { linkTo, route, setQuery } from '../router.ts'
import { may } from '../session/me.ts'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { MakeDialog } from './make-dialog.tsx'
import { ReportView } from './report-view.tsx'
import { stretchText, type Summary } from './report-types.ts'

/** What happened week by week, to read here or to take along. */
export function ReportsPage() {
  const { parts, query } = route.value
  const { data, problem, reload } = useData(
    'reports',
    async (signal) => call<{ timeZone: string; items: Summary[] }>('/v1/reports?limit=500', { signal }),
    60_000,
  )
  if (parts[1] !== undefined) return <ReportView key={parts[1]} id={parts[1]} />
  if (problem?.code === 'no_such_path')
    return (
      <Empty title="This installation makes no reports">
        Update it; what they show is also in the API, as facts and series.
      </Empty>
    )
  const asking = query.get('make') !== null
  const ask = (
    <button type="button" class="small" onClick={() => setQuery({ make: '1' })}>
      Make a report
    </button>
  )
  return (
    <>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      <Panel title="Reports" actions={may('operator') && ask}>
        {!data ? (
          <Loading lines={5} />
        ) : data.items.length === 0 ? (
          <Empty title="No week is over yet">
            Every Monday last week’s report of each trade appears here, in {data.timeZone}. One of any days
            can be made now.
          </Empty>
        ) : (
          <Table
            label="Reports"
            items={data.items}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Report',
                cell: (one) => <a href={linkTo(['reports', one.id])}>{one.title}</a>,
                card: 'lead',
              },
              { title: 'Days', cell: stretchText, card: 'lead' },
              { title: 'Site', cell: ({ site }) => site ?? <span class="muted">all</span> },
              { title: 'Made', cell: ({ madeAt }) => dateTime(madeAt), minor: true },
            ]}
          />
        )}
      </Panel>
      {asking && data && (
        <MakeDialog timeZone={data.timeZone} onClose={() => setQuery({ make: null })} onMade={reload} />
      )}
    </>
  )
}
