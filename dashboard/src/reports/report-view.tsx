import { call, request, segment } from '../api/client.ts'
import { dateTime } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { saveBlob, useAction } from '../ui/form.tsx'
import { Empty, Loading, Panel, ProblemNote, Tile } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { BarsChart } from './bars-chart.tsx'
import { digitsText, stretchText, type Report, type Section, type TableSection } from './report-types.ts'

/** One report, as the PDF has it. */
export function ReportView({ id }: { id: string }) {
  const path = `/v1/reports/${segment(id)}`
  const { data, problem, reload } = useData(path, async (signal) => call<Report>(path, { signal }))
  const action = useAction()
  if (problem) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data) return <Loading lines={10} />
  const save = (kind: 'pdf' | 'csv'): void =>
    action.run(async () => saveBlob(`${id}.${kind}`, await (await request(`${path}/${kind}`)).blob()))
  return (
    <>
      <div class="toolbar">
        <div>
          <h2 class="building-name">
            {data.title}, {stretchText(data)}
          </h2>
          <p class="muted">
            {data.site ?? 'All sites'}. Times in {data.timeZone}. Made {dateTime(data.madeAt)}.
          </p>
        </div>
        <span class="buttons push">
          <button type="button" class="primary" disabled={action.busy} onClick={() => save('pdf')}>
            Save as PDF
          </button>
          <button type="button" disabled={action.busy} onClick={() => save('csv')}>
            Save as CSV
          </button>
          <a class="button" href="#/reports">
            All reports
          </a>
        </span>
      </div>
      {action.problem && <ProblemNote problem={action.problem} />}
      {data.sections.map((section, i) => (
        <Shown key={i} section={section} report={data} />
      ))}
    </>
  )
}

function Shown({ section, report }: { section: Section; report: Report }) {
  switch (section.kind) {
    case 'figures':
      return (
        <div class="tiles">
          {section.figures.map(({ label, value, unit, digits, note }) => (
            <Tile key={label} label={label} value={digitsText(value, digits)} unit={unit} note={note} />
          ))}
        </div>
      )
    case 'table':
      return <ReportTable section={section} />
    case 'bars':
      return <BarsChart bars={section.bars} />
    case 'chart': {
      const { title, unit, limits, spans, ...points } = section.chart
      return (
        <TimeChart
          title={title}
          unit={unit}
          points={points}
          bounds={{ from: report.from, to: report.to }}
          decoration={{ ...(limits && { limits }), ...(spans && { spans }) }}
          headline={{ value: null, note: '' }}
        />
      )
    }
  }
}

function ReportTable({ section }: { section: TableSection }) {
  const { title, columns, rows, empty, note } = section
  return (
    <Panel title={title}>
      {rows.length === 0 ? (
        <Empty title={empty} />
      ) : (
        <Table
          label={title}
          items={rows.map((cells, i) => ({ cells, i }))}
          keyOf={({ i }) => String(i)}
          columns={columns.map(({ title, unit, digits }, n) => ({
            title: unit === undefined || unit === '' ? title : `${title}, ${unit}`,
            numeric: digits !== undefined,
            cell: ({ cells }: { cells: (string | number | null)[] }) => {
              const cell = cells[n] ?? null
              return typeof cell === 'string' ? cell : digitsText(cell, digits ?? 0)
            },
          }))}
        />
      )}
      {note !== '' && rows.length > 0 && <p class="more muted">{note}</p>}
    </Panel>
  )
}
