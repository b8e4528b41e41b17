import type { ComponentChildren } from 'preact'
import type { Problem } from '../api/problem.ts'
import { Dialog } from './dialog.tsx'
import { ProblemNote } from './parts.tsx'

/** A dialog that asks for something: its fields, what went wrong, and the buttons. */
export function FormDialog(props: {
  title: string
  /** What its button says; null where this person may only look. */
  verb: string | null
  busy: boolean
  problem: Problem | null
  onSubmit: (form: FormData) => void
  onClose: () => void
  children: ComponentChildren
  /** More buttons, beside the two. */
  more?: ComponentChildren
  /** Below the form, with forms of its own. */
  below?: ComponentChildren
}) {
  const { title, verb, busy, problem, onSubmit, onClose, children, more, below } = props
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="body stacked"
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit(new FormData(event.currentTarget))
        }}
      >
        {children}
        {problem && <ProblemNote problem={problem} />}
        <div class="buttons">
          {verb !== null && (
            <button type="submit" class="primary" disabled={busy}>
              {verb}
            </button>
          )}
          {more}
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
      {below}
    </Dialog>
  )
}
