import { readable } from '../data/format.ts'
import type { Problem } from '../api/problem.ts'
import type { Alarm } from '../api/types.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field, textOf } from '../ui/form.tsx'
import { ProblemNote, SeverityMark } from '../ui/parts.tsx'

export function AcknowledgeDialog(props: {
  alarm: Alarm
  busy: boolean
  problem: Problem | null
  onClose: () => void
  onAcknowledge: (alarm: Alarm, comment: string) => void
}) {
  const { alarm, busy, problem, onClose, onAcknowledge } = props
  return (
    <Dialog title="Acknowledge alarm" onClose={onClose}>
      <form
        class="body stacked"
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          onAcknowledge(alarm, textOf(form, 'comment').trim())
        }}
      >
        <p>
          <SeverityMark severity={alarm.severity} /> <b>{alarm.thing}</b>: {readable(alarm.why.text)}
        </p>
        <Field label="Comment" hint="What you will do about it; the history keeps it.">
          <input name="comment" maxLength={1000} autofocus />
        </Field>
        {problem && <ProblemNote problem={problem} />}
        <div class="buttons">
          <button type="submit" class="primary" disabled={busy}>
            Acknowledge
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  )
}
