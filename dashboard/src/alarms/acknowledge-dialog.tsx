import { readable } from '../data/format.ts'
import type { Problem } from '../api/problem.ts'
import type { Alarm } from '../api/types.ts'
import { Field, textOf } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { SeverityMark } from '../ui/parts.tsx'

export function AcknowledgeDialog(props: {
  alarm: Alarm
  busy: boolean
  problem: Problem | null
  onClose: () => void
  onAcknowledge: (alarm: Alarm, comment: string) => void
}) {
  const { alarm, busy, problem, onClose, onAcknowledge } = props
  return (
    <FormDialog
      title="Acknowledge alarm"
      verb="Acknowledge"
      busy={busy}
      problem={problem}
      onSubmit={(form) => {
        onAcknowledge(alarm, textOf(form, 'comment').trim())
      }}
      onClose={onClose}
    >
      <p>
        <SeverityMark severity={alarm.severity} /> <b>{alarm.thing}</b>: {readable(alarm.why.text)}
      </p>
      <Field label="Comment" hint="What you will do about it; the history keeps it.">
        <input name="comment" maxLength={1000} autofocus />
      </Field>
    </FormDialog>
  )
}
