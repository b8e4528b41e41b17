import { useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import { dateTime, value } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { may } from '../session/me.ts'
import { Confirm } from '../ui/confirm.tsx'
import { useAction } from '../ui/form.tsx'
import { Empty, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { AddModelDialog } from './add-model-dialog.tsx'

interface ModelLine {
  name: string
  active: number | null
  versions: { version: number; createdAt: number; metrics: Record<string, number> }[]
}

/** Which version of each model scores, and what could score in its place. */
export function Models({ takesFiles }: { takesFiles: boolean }) {
  const [added, setAdded] = useState<string | null>(null)
  const { data, reload } = useData(
    'models',
    async (signal) =>
      call<{ items: ModelLine[] }>('/v1/models', { signal }).catch((error: unknown) => {
        if (asProblem(error).code === 'no_such_path') return { items: [] }
        throw error
      }),
    60_000,
  )
  const { busy, problem, run } = useAction()
  const act = (model: string, verb: 'promote' | 'rollback', body: object): void =>
    run(async () => {
      await call(`/v1/models/${segment(model)}/${verb}`, { method: 'POST', body })
      reload()
    })
  if (!data || data.items.length === 0) return null
  return (
    <>
      {data.items.map(({ name, active, versions }) => (
        <Panel
          key={name}
          title={`Model: ${name}`}
          actions={
            may('admin') && (
              <span class="buttons">
                {takesFiles && (
                  <button type="button" class="small" onClick={() => setAdded(name)}>
                    Add a version
                  </button>
                )}
                {active !== null && (
                  <Confirm
                    small
                    label="Roll back"
                    question="Back to the version before?"
                    disabled={busy}
                    onConfirm={() => act(name, 'rollback', {})}
                  />
                )}
              </span>
            )
          }
        >
          {problem && <ProblemNote problem={problem} />}
          {versions.length === 0 ? (
            <Empty title="No version has been trained yet">
              Until then health is judged by the distance from each machine’s healthy period. A model comes
              from <code>telltale train --task failure</code>, or from the outcomes of work orders.
            </Empty>
          ) : (
            <Table
              label={`Versions of ${name}`}
              items={versions.toReversed()}
              keyOf={({ version }) => String(version)}
              rowClass={({ version }) => (version === active ? 'selected' : '')}
              columns={[
                {
                  title: 'Version',
                  cell: ({ version }) => `${version}${version === active ? ', scores now' : ''}`,
                },
                { title: 'Trained', cell: ({ createdAt }) => dateTime(createdAt), minor: true },
                { title: 'Measured', cell: ({ metrics }) => metricsText(metrics) },
                {
                  title: 'Change',
                  card: 'plain',
                  cell: ({ version }) =>
                    version !== active &&
                    may('admin') && (
                      <button
                        type="button"
                        class="small"
                        disabled={busy}
                        aria-label={`Promote version ${version} of ${name}`}
                        onClick={() => act(name, 'promote', { version })}
                      >
                        Promote
                      </button>
                    ),
                },
              ]}
            />
          )}
        </Panel>
      ))}
      {added !== null && <AddModelDialog model={added} onClose={() => setAdded(null)} onAdded={reload} />}
    </>
  )
}

const metricsText = (metrics: Record<string, number>): string =>
  Object.entries(metrics)
    .slice(0, 4)
    .map(([name, metric]) => `${name} ${value(metric)}`)
    .join(', ')
