import { useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import { now } from '../data/clock.ts'
import { date } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import type { Role } from '../session/me.ts'
import { Confirm } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { AccountFields, accountOf, scopeText } from './account-form.tsx'

interface Token {
  id: string
  kind: 'machine' | 'session'
  name: string
  role: Role
  sites: string[] | null
  createdAt: number
  expiresAt: number | null
  revokedAt: number | null
}

const isDead = ({ revokedAt, expiresAt }: Token): boolean =>
  revokedAt !== null || (expiresAt !== null && expiresAt < now())

/** What machines show instead of a password, and the sessions that people have open. */
export function Tokens() {
  const { data, problem, reload } = useData('tokens', async (signal) => call<{ items: Token[] }>('/v1/tokens', { signal })) // prettier-ignore
  const [adding, setAdding] = useState(false)
  const action = useAction()
  const revoke = (id: string): void =>
    action.run(async () => {
      await call(`/v1/tokens/${segment(id)}`, { method: 'DELETE' })
      reload()
    })
  const items = [...(data?.items ?? [])].sort((a, b) => Number(isDead(a)) - Number(isDead(b)) || b.createdAt - a.createdAt) // prettier-ignore
  return (
    <Panel
      title="Tokens and sessions"
      actions={
        <button type="button" class="small" onClick={() => setAdding(true)}>
          Make a token
        </button>
      }
    >
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      {action.problem && <ProblemNote problem={action.problem} />}
      {!data && !problem && <Loading lines={3} />}
      {data && items.length === 0 && (
        <Empty title="There is no token beside the box’s own">
          A script or another system gets one of its own, with no more rights than it needs.
        </Empty>
      )}
      {items.length > 0 && (
        <Table
          label="Tokens and sessions"
          items={items}
          keyOf={({ id }) => id}
          rowClass={(token) => (isDead(token) ? 'past' : '')}
          columns={[
            { title: 'Name', cell: ({ name }) => <b>{name}</b>, card: 'lead' },
            { title: 'Kind', cell: ({ kind }) => (kind === 'machine' ? 'token' : 'session') },
            { title: 'Role', cell: ({ role }) => role },
            { title: 'Sees', cell: ({ sites }) => scopeText(sites), minor: true },
            { title: 'Made', cell: ({ createdAt }) => date(createdAt), minor: true },
            { title: 'Ends', cell: endText },
            {
              title: 'Change',
              card: 'plain',
              cell: (token) =>
                !isDead(token) && (
                  <Confirm
                    small
                    label="Revoke"
                    name={`Revoke ${token.name}`}
                    question="At once?"
                    disabled={action.busy}
                    onConfirm={() => revoke(token.id)}
                  />
                ),
            },
          ]}
        />
      )}
      {adding && <TokenDialog onClose={() => setAdding(false)} onMade={reload} />}
    </Panel>
  )
}

function endText({ expiresAt, revokedAt }: Token): string {
  if (revokedAt !== null) return `revoked ${date(revokedAt)}`
  if (expiresAt === null) return 'never'
  return expiresAt < now() ? `ended ${date(expiresAt)}` : date(expiresAt)
}

function TokenDialog({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const { busy, problem, run } = useAction()
  const [secret, setSecret] = useState<string | null>(null)
  const [copied, setCopied] = useState(false)
  const submit = (form: FormData): void =>
    run(async () => {
      const days = textOf(form, 'days').trim()
      const body = {
        name: textOf(form, 'name').trim(),
        ...accountOf(form),
        expiresInDays: days === '' ? null : Number(days),
      }
      setSecret((await call<{ token: string }>('/v1/tokens', { method: 'POST', body })).token)
      onMade()
    })
  if (secret !== null)
    return (
      <Dialog title="The new token" onClose={onClose}>
        <div class="body stacked">
          <div class="note">
            <b>Copy it now.</b> It is shown this once and kept nowhere.
          </div>
          <Field label="Token">
            <input class="code" readOnly value={secret} onFocus={(event) => event.currentTarget.select()} />
          </Field>
          <div class="buttons">
            <button
              type="button"
              class="primary"
              onClick={() => void navigator.clipboard?.writeText(secret).then(() => setCopied(true))}
            >
              {copied ? 'Copied' : 'Copy'}
            </button>
            <button type="button" onClick={onClose}>
              Done
            </button>
          </div>
        </div>
      </Dialog>
    )
  return (
    <FormDialog
      title="Make a token"
      verb="Make it"
      busy={busy}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Name" hint="What uses it; letters, digits, . @ + _ or -.">
        <input name="name" required maxLength={64} pattern="[\w.@+\-]+" autofocus autocomplete="off" />
      </Field>
      <AccountFields role="viewer" sites={null} />
      <Field label="Ends after days" hint="Empty for never.">
        <input name="days" inputMode="numeric" pattern="\d{1,4}" defaultValue="365" autocomplete="off" />
      </Field>
    </FormDialog>
  )
}
