import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import type { FailureMode } from './failure-modes.ts'
import type { Risk } from './risk.ts'

/** Opens a work order by hand: for a failure that nothing foretold, or a doubt. */
export function ReportFailureDialog(props: {
  machines: readonly Risk[]
  modes: readonly FailureMode[]
  onClose: () => void
  onReported: () => void
}) {
  const { machines, modes, onClose, onReported } = props
  const [thing, setThing] = useState(machines[0]?.thing ?? '')
  const kind = machines.find((risk) => risk.thing === thing)?.machine
  const { busy, problem, run } = useAction()
  const submit = (form: FormData): void =>
    run(async () => {
      const mode = textOf(form, 'mode')
      const body = { thing, what: textOf(form, 'what').trim(), ...(mode !== '' && { mode }) }
      await call('/v1/maintenance/orders', { method: 'POST', body })
      onReported()
      onClose()
    })
  return (
    <FormDialog
      title="Report a failure"
      verb="Open a work order"
      busy={busy}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Machine">
        <select value={thing} onChange={(event) => setThing(event.currentTarget.value)}>
          {machines.map((risk) => (
            <option key={risk.thing} value={risk.thing}>
              {risk.thing}
            </option>
          ))}
        </select>
      </Field>
      <Field label="What failed">
        <ModeChoice name="mode" modes={modes.filter(({ machine }) => machine === kind)} />
      </Field>
      <Field label="What was seen" hint="It opens a work order; what is found teaches the next model.">
        <input name="what" required maxLength={1000} autofocus autocomplete="off" />
      </Field>
    </FormDialog>
  )
}

/** One of the modes of the table, or none. */
export function ModeChoice({ name, modes }: { name: string; modes: readonly FailureMode[] }) {
  return (
    <select name={name}>
      <option value="">not known yet</option>
      {modes.map(({ id, component, mode }) => (
        <option key={id} value={id}>
          {component}: {mode}
        </option>
      ))}
    </select>
  )
}
