import { useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import { moment, plural } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { usePages } from '../data/use-pages.ts'
import { linkTo, route } from '../router.ts'
import { may } from '../session/me.ts'
import { Confirm } from '../ui/confirm.tsx'
import { useAction } from '../ui/form.tsx'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { executionText, isOver, progressText, type Execution, type RollOut } from './roll-out.ts'
import { RollOutDialog } from './roll-out-dialog.tsx'

const EVERY_MS = 5000

/** What is being rolled out to many devices, how far it has come, and the means to stop it. */
export function RollOutsTab() {
  const chosen = route.value.query.get('job')
  const { items, problem, reload, more } = usePages<RollOut>('/v1/jobs?limit=50', EVERY_MS)
  const [adding, setAdding] = useState(false)
  if (problem?.code === 'no_such_path')
    return (
      <Panel title="Roll-outs">
        <Empty title="Roll-outs are made elsewhere">
          This installation leaves them to AWS IoT Jobs: see its console, or <code>aws iot create-job</code>.
        </Empty>
      </Panel>
    )
  return (
    <>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      <Panel
        title="Roll-outs"
        actions={
          may('admin') && (
            <button type="button" class="small" onClick={() => setAdding(true)}>
              Begin a roll-out
            </button>
          )
        }
      >
        {!items && !problem && <Loading lines={4} />}
        {items?.length === 0 && (
          <Empty title="Nothing has been rolled out yet">
            Firmware or a configuration goes to a first few devices, then to more, as long as those before
            stay healthy. Devices take it with the topics of AWS IoT Jobs.
          </Empty>
        )}
        {items && items.length > 0 && (
          <Table
            label="Roll-outs"
            items={items}
            keyOf={({ id }) => id}
            rowClass={({ id }) => (id === chosen ? 'selected' : '')}
            columns={[
              { title: 'Roll-out', cell: ({ id }) => <a href={linkTo(['devices'], { tab: 'jobs', job: id })}>{id}</a>, card: 'lead' }, // prettier-ignore
              { title: 'Status', cell: ({ status }) => status, card: 'lead' },
              { title: 'Devices', cell: ({ targets }) => targets, numeric: true },
              { title: 'Step', cell: ({ released, plan }) => `${released} of ${plan.cohorts.length}`, numeric: true, minor: true }, // prettier-ignore
              { title: 'By', cell: ({ by }) => by, minor: true },
              { title: 'Begun', cell: ({ createdAt }) => moment(createdAt), numeric: true },
            ]}
          />
        )}
        {more && (
          <p class="more">
            <button type="button" onClick={more}>
              Show more
            </button>
          </p>
        )}
      </Panel>
      {chosen !== null && <Chosen key={chosen} id={chosen} onChanged={reload} />}
      {adding && <RollOutDialog onClose={() => setAdding(false)} onBegun={reload} />}
    </>
  )
}

function Chosen({ id, onChanged }: { id: string; onChanged: () => void }) {
  const path = `/v1/jobs/${segment(id)}`
  const { data: job, problem, reload } = useData(`job ${id}`, async (signal) => call<RollOut>(path, { signal }), EVERY_MS) // prettier-ignore
  const { items, more } = usePages<Execution>(`${path}/executions?limit=100`, EVERY_MS)
  const action = useAction()
  const act = (verb: 'pause' | 'resume' | 'cancel' | 'rollback'): void =>
    action.run(async () => {
      await call(`${path}/${verb}`, { method: 'POST', body: {} })
      reload()
      onChanged()
    })
  if (problem && !job) return <ProblemNote problem={problem} onRetry={reload} />
  if (!job)
    return (
      <Panel title={id}>
        <Loading lines={4} />
      </Panel>
    )
  return (
    <Panel title={id} actions={<span class="muted">{job.status}</span>}>
      <div class="body stack">
        {action.problem && <ProblemNote problem={action.problem} />}
        <p>
          {plural(job.targets, 'device')}: {progressText(job)}.{job.reason !== null && ` ${job.reason}.`}
        </p>
        {may('admin') && !isOver(job) && (
          <div class="buttons">
            {job.status === 'running' ? (
              <button type="button" disabled={action.busy} onClick={() => act('pause')}>
                Pause
              </button>
            ) : (
              <button type="button" disabled={action.busy} onClick={() => act('resume')}>
                Go on
              </button>
            )}
            <Confirm
              label="Cancel it"
              question="End it for all who have not finished?"
              disabled={action.busy}
              onConfirm={() => act('cancel')}
            />{' '}
            {/* prettier-ignore */}
            {
              job.rollback &&
              <Confirm label="Roll back" question="Take it back from all who began?" disabled={action.busy} onConfirm={() => act('rollback')} /> // prettier-ignore
            }
          </div>
        )}
        <dl class="facts">
          <dt>Document</dt>
          <dd>
            <code>{JSON.stringify(job.document)}</code>
          </dd>
          {job.rollback && (
            <>
              <dt>To take it back</dt>
              <dd>
                <code>{JSON.stringify(job.rollback)}</code>
              </dd>
            </>
          )}
        </dl>
      </div>
      {items && items.length > 0 && (
        <Table
          label={`Devices of ${id}`}
          items={items}
          keyOf={({ thing }) => thing}
          columns={[
            { title: 'Device', cell: ({ thing }) => <a href={linkTo(['device', thing])}>{thing}</a>, card: 'lead' }, // prettier-ignore
            { title: 'Status', cell: ({ status }) => executionText(status), card: 'lead' },
            { title: 'It says', cell: ({ statusDetails }) => detailText(statusDetails) },
            { title: 'Since', cell: ({ lastUpdatedAt }) => moment(lastUpdatedAt), numeric: true },
          ]}
        />
      )}
      {more && (
        <p class="more">
          <button type="button" onClick={more}>
            Show more
          </button>
        </p>
      )}
    </Panel>
  )
}

const detailText = (details: Record<string, string>): string =>
  Object.entries(details)
    .map(([name, text]) => `${name}: ${text}`)
    .join(', ')
