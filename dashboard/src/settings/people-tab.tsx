import { useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import { date } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { me } from '../session/me.ts'
import { Confirm } from '../ui/confirm.tsx'
import { useAction } from '../ui/form.tsx'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { scopeText, UserDialog, type User } from './account-form.tsx'
import { Tokens } from './tokens.tsx'

/** Who may see and do what. */
export function PeopleTab() {
  const { data, problem, reload } = useData('users', async (signal) => call<{ items: User[] }>('/v1/users', { signal })) // prettier-ignore
  if (problem?.code === 'no_such_path')
    return (
      <Panel title="People">
        <Empty title="People are kept elsewhere">
          They sign in through your organisation’s directory; their groups there give them their roles here.
        </Empty>
      </Panel>
    )
  return (
    <>
      <Users users={data?.items ?? null} problem={problem} reload={reload} />
      {(data ?? problem) && <Tokens />}
    </>
  )
}

function Users(props: {
  users: readonly User[] | null
  problem: ReturnType<typeof useData>['problem']
  reload: () => void
}) {
  const { users, problem, reload } = props
  const [edited, setEdited] = useState<User | 'new' | null>(null)
  const action = useAction()
  const remove = (name: string): void =>
    action.run(async () => {
      await call(`/v1/users/${segment(name)}`, { method: 'DELETE' })
      reload()
    })
  return (
    <Panel
      title="People"
      actions={
        <button type="button" class="small" onClick={() => setEdited('new')}>
          Add a person
        </button>
      }
    >
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      {action.problem && <ProblemNote problem={action.problem} />}
      {!users && !problem && <Loading lines={3} />}
      {users?.length === 0 && (
        <Empty title="Nobody signs in with a name yet">
          {me.value?.name === 'box' && 'You are here with the box’s own token. '}
          Add people with a role of their own: what they do then carries their name in alarms and in the audit
          log.
        </Empty>
      )}
      {users && users.length > 0 && (
        <Table
          label="People"
          items={users}
          keyOf={({ name }) => name}
          columns={[
            { title: 'Name', cell: ({ name }) => <b>{name}</b>, card: 'lead' },
            { title: 'Role', cell: ({ role }) => role },
            { title: 'Sees', cell: ({ sites }) => scopeText(sites) },
            { title: 'Since', cell: ({ createdAt }) => date(createdAt), minor: true },
            {
              title: 'Change',
              card: 'plain',
              cell: (user) => (
                <span class="buttons">
                  <button
                    type="button"
                    class="small"
                    aria-label={`Edit ${user.name}`}
                    onClick={() => setEdited(user)}
                  >
                    Edit
                  </button>
                  {user.name !== me.value?.name && (
                    <Confirm
                      small
                      label="Remove"
                      name={`Remove ${user.name}`}
                      question="End their sessions too?"
                      disabled={action.busy}
                      onConfirm={() => remove(user.name)}
                    />
                  )}
                </span>
              ),
            },
          ]}
        />
      )}
      {edited && (
        <UserDialog
          user={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={reload}
        />
      )}
    </Panel>
  )
}
