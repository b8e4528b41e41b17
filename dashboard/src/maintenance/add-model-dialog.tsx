import { call, segment } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field, useAction } from '../ui/form.tsx'
import { ProblemNote } from '../ui/parts.tsx'

/** Takes a trained model as the next version. It scores once it is promoted. */
export function AddModelDialog(props: { model: string; onClose: () => void; onAdded: () => void }) {
  const { model, onClose, onAdded } = props
  const { busy, problem, run } = useAction()
  const add = (files: FileList | null): void =>
    run(async () => {
      const file = await files?.[0]?.text()
      if (file === undefined) return
      await call(`/v1/models/${segment(model)}/versions`, { method: 'POST', body: { file } })
      onAdded()
      onClose()
    })
  return (
    <Dialog title={`A version of ${model}`} onClose={onClose}>
      <div class="body stacked">
        <Field
          label="Model file"
          hint="XGBoost JSON with the objective binary:logistic on features of machines, as telltale train makes it."
        >
          <input
            type="file"
            accept=".json,application/json"
            disabled={busy}
            onChange={(event) => add(event.currentTarget.files)}
          />{' '}
          {/* prettier-ignore */}
        </Field>
        {problem && <ProblemNote problem={problem} />}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </div>
    </Dialog>
  )
}
