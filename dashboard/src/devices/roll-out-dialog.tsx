import { call } from '../api/client.ts'
import { jsonText } from '../api/json-text.ts'
import { sites, types } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { setQuery } from '../router.ts'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'

/** Begins a roll-out to the devices of a type, a group or a site. */
export function RollOutDialog({ onClose, onBegun }: { onClose: () => void; onBegun: () => void }) {
  const { busy, problem, run } = useAction()
  const { data: groups } = useData('all groups', async (signal) => call<{ items: { name: string }[] }>('/v1/groups', { signal })) // prettier-ignore
  const submit = (form: FormData): void =>
    run(async () => {
      const id = textOf(form, 'id').trim()
      const select = Object.fromEntries(
        ['type', 'group', 'site'].flatMap((name) => {
          const value = textOf(form, name)
          return value === '' ? [] : [[name, value]]
        }),
      )
      const body = {
        id,
        document: jsonText(textOf(form, 'document')),
        rollback: jsonText(textOf(form, 'rollback')),
        select,
        plan: { cohorts: sharesOf(textOf(form, 'cohorts')), soakMs: Number(textOf(form, 'soak')) * 60_000 },
      }
      await call('/v1/jobs', { method: 'POST', body })
      onBegun()
      onClose()
      setQuery({ job: id })
    })
  const choice = (name: string, label: string, values: readonly string[]) => (
    <Field label={label}>
      <select name={name}>
        <option value="">any</option>
        {values.map((value) => (
          <option key={value} value={value}>
            {value}
          </option>
        ))}
      </select>
    </Field>
  )
  return (
    <FormDialog
      title="Begin a roll-out"
      verb="Begin"
      busy={busy}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Name" hint="Letters, digits, _ and -. Each name serves once.">
        <input name="id" required pattern="[\w\-]{1,64}" autofocus autocomplete="off" />
      </Field>
      <Field label="Document" hint="JSON; what the devices are to do, in their own words.">
        <textarea name="document" class="code" rows={4} required placeholder='{"firmware": "2.4.0"}' />
      </Field>
      <div class="pair">
        {choice('type', 'Devices of the type', [...types.value.keys()])}
        {choice('group', 'In the group', groups?.items.map(({ name }) => name) ?? [])}
        {choice(
          'site',
          'On the site',
          sites.value.filter((site) => site !== ''),
        )}
      </div>
      <div class="pair">
        <Field label="Steps, in percent" hint="The share that has been told after each.">
          <input name="cohorts" required pattern="[\d.]+( *, *[\d.]+)*" defaultValue="1, 10, 50, 100" />
        </Field>
        <Field label="Minutes between them" hint="In which those before must stay healthy.">
          <input name="soak" required inputMode="numeric" pattern="\d{1,5}" defaultValue="10" />
        </Field>
      </div>
      <Field label="To take it back" hint="JSON; sent to all who began if it is rolled back. Empty for none.">
        <textarea name="rollback" class="code" rows={2} />
      </Field>
    </FormDialog>
  )
}

const sharesOf = (text: string): number[] => text.split(',').map((part) => Number(part) / 100)
