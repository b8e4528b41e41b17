import { call, segment } from '../api/client.ts'
import { useData } from '../data/use-data.ts'
import { Field, useAction } from '../ui/form.tsx'
import { ProblemNote } from '../ui/parts.tsx'

/** The groups that a device belongs to; each change takes effect at once. */
export function DeviceGroups({ thing }: { thing: string }) {
  const { data, problem, reload } = useData(`groups of ${thing}`, async (signal) => call<{ items: string[] }>(`/v1/devices/${segment(thing)}/groups`, { signal })) // prettier-ignore
  const action = useAction()
  const join = (group: string): void =>
    action.run(async () => {
      await call(`/v1/groups/${segment(group)}/members`, { method: 'POST', body: { things: [thing] } })
      reload()
    })
  const leave = (group: string): void =>
    action.run(async () => {
      await call(`/v1/groups/${segment(group)}/members/${segment(thing)}`, { method: 'DELETE' })
      reload()
    })
  if (problem)
    return problem.code === 'no_such_path' ? null : <ProblemNote problem={problem} onRetry={reload} />
  return (
    <form
      class="body stacked"
      onSubmit={(event) => {
        event.preventDefault()
        const { group } = event.currentTarget.elements as unknown as { group: HTMLInputElement }
        join(group.value.trim())
        group.value = ''
      }}
    >
      <Field label="Put into a group" hint="Roll-outs go to groups; a new name makes one.">
        <input name="group" required maxLength={64} autocomplete="off" />
      </Field>
      <div class="buttons">
        <button type="submit" disabled={action.busy}>
          Put into it
        </button>
        {data?.items.map((group) => (
          <button
            key={group}
            type="button"
            class="small"
            aria-label={`Take out of ${group}`}
            disabled={action.busy}
            onClick={() => leave(group)}
          >
            {group} ✕
          </button>
        ))}
      </div>
      {action.problem && <ProblemNote problem={action.problem} />}
    </form>
  )
}
