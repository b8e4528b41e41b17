import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { date } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { Confirm } from '../ui/confirm.tsx'
import { useAction } from '../ui/form.tsx'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { ClaimDialog } from './claim-dialog.tsx'
import { TemplateDialog, type Template } from './template-dialog.tsx'

interface Claim {
  fingerprint: string
  name: string
  template: string
  status: 'active' | 'revoked'
  notAfter: number
}

/** How devices may register themselves: with a claim certificate from the factory, by a template. */
export function JoiningTab() {
  const { data, problem, reload } = useData('joining', async (signal) => {
    const [templates, claims] = await Promise.all([
      call<{ items: Template[] }>('/v1/provisioning/templates', { signal }),
      call<{ items: Claim[] }>('/v1/provisioning/claims', { signal }),
    ])
    return { templates: templates.items, claims: claims.items }
  })
  const [edited, setEdited] = useState<Template | 'new' | null>(null)
  const [claiming, setClaiming] = useState(false)
  const action = useAction()
  const revoke = (fingerprint: string): void =>
    action.run(async () => {
      await call(`/v1/provisioning/claims/${fingerprint}`, { method: 'DELETE' })
      reload()
    })
  if (problem?.code === 'no_such_path')
    return (
      <Panel title="Templates">
        <Empty title="Templates are kept elsewhere">
          This installation leaves them to AWS IoT fleet provisioning: see its console.
        </Empty>
      </Panel>
    )
  if (problem) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data)
    return (
      <Panel title="Templates">
        <Loading lines={4} />
      </Panel>
    )
  return (
    <>
      <Panel
        title="Templates"
        actions={
          <button type="button" class="small" onClick={() => setEdited('new')}>
            Add a template
          </button>
        }
      >
        {data.templates.length === 0 ? (
          <Empty title="No template yet">
            A template says what becomes of a device that joins with a claim certificate from the factory: its
            name, its type, and whether its name must be on a list. Devices that are registered here one by
            one, or from a list, need none.
          </Empty>
        ) : (
          <Table
            label="Templates"
            items={data.templates}
            keyOf={({ name }) => name}
            columns={[
              { title: 'Template', cell: ({ name }) => <b>{name}</b>, card: 'lead' },
              { title: 'Makes devices of', cell: ({ type }) => type },
              { title: 'Who may come', cell: ({ allowListed }) => (allowListed ? 'names on its list' : 'whoever holds a claim') }, // prettier-ignore
              { title: 'In use', cell: ({ enabled }) => (enabled ? 'yes' : 'no') },
              {
                title: 'Change',
                card: 'plain',
                cell: (template) => (
                  <button
                    type="button"
                    class="small"
                    aria-label={`Edit ${template.name}`}
                    onClick={() => setEdited(template)}
                  >
                    {' '}
                    {/* prettier-ignore */}
                    Edit
                  </button>
                ),
              },
            ]}
          />
        )}
      </Panel>
      <Panel
        title="Claim certificates"
        actions={
          data.templates.length > 0 && (
            <button type="button" class="small" onClick={() => setClaiming(true)}>
              Issue a claim
            </button>
          )
        }
      >
        {action.problem && <ProblemNote problem={action.problem} />}
        {data.claims.length === 0 ? (
          <Empty title="No claim was issued yet">
            One claim goes into a whole batch of devices; each trades it for a certificate of its own.
          </Empty>
        ) : (
          <Table
            label="Claim certificates"
            items={data.claims}
            keyOf={({ fingerprint }) => fingerprint}
            rowClass={({ status }) => (status === 'revoked' ? 'past' : '')}
            columns={[
              { title: 'Claim', cell: ({ name }) => <b>{name}</b>, card: 'lead' },
              { title: 'Template', cell: ({ template }) => template },
              { title: 'Fingerprint', cell: ({ fingerprint }) => <code>{fingerprint.slice(0, 16)}…</code>, minor: true }, // prettier-ignore
              { title: 'Ends', cell: ({ notAfter, status }) => (status === 'revoked' ? 'revoked' : date(notAfter)) }, // prettier-ignore
              {
                title: 'Change',
                card: 'plain',
                cell: ({ fingerprint, name, status }) =>
                  status === 'active' && (
                    <Confirm
                      small
                      label="Revoke"
                      name={`Revoke ${name}`}
                      question="No more devices join with it?"
                      disabled={action.busy}
                      onConfirm={() => revoke(fingerprint)}
                    />
                  ),
              },
            ]}
          />
        )}
      </Panel>
      {
        edited &&
        <TemplateDialog template={edited === 'new' ? null : edited} onClose={() => setEdited(null)} onSaved={reload} /> // prettier-ignore
      }
      {
        claiming &&
        <ClaimDialog templates={data.templates.map(({ name }) => name)} onClose={() => setClaiming(false)} onIssued={reload} /> // prettier-ignore
      }
    </>
  )
}
