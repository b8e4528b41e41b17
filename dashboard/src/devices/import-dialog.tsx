import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field, useAction } from '../ui/form.tsx'
import { ProblemNote } from '../ui/parts.tsx'

interface Outcome {
  registered: number
  replaced: number
  unchanged: number
  errors: { line: number; thing: string; message: string }[]
}
const SHOWN = 20

/** Registers the devices of a CSV list: says first what it would do, does it when asked. */
export function ImportDialog({
  onClose,
  onChanged,
}: {
  onClose: () => void
  onChanged: () => Promise<void>
}) {
  const { busy, problem, run } = useAction()
  const [csv, setCsv] = useState('')
  const [outcome, setOutcome] = useState<(Outcome & { done: boolean }) | null>(null)
  const send = (text: string, dryRun: boolean): void =>
    run(async () => {
      const found = await call<Outcome>('/v1/devices/import', { method: 'POST', body: { csv: text, dryRun } })
      setOutcome({ ...found, done: !dryRun })
      if (!dryRun) await onChanged()
    })
  const choose = (files: FileList | null): void => {
    const [file] = files ?? []
    if (file)
      void file.text().then((text) => {
        setCsv(text)
        send(text, true)
      })
  }
  const taken = outcome ? outcome.registered + outcome.replaced : 0
  return (
    <Dialog title="Register devices from a list" onClose={onClose}>
      <div class="body stacked">
        <Field
          label="CSV file"
          hint="A heading with thing, trade, type and, as needed, status, site, gateway, latitude, longitude, attribute.<name>, measure.<name>.<limit>."
        >
          <input type="file" accept=".csv,text/csv" onChange={(event) => choose(event.currentTarget.files)} />
        </Field>
        {problem && <ProblemNote problem={problem} />}
        {outcome && (
          <div role="status" class="stack tight">
            <p>
              {outcome.done ? 'Done' : 'Not done yet'}: {outcome.registered} new, {outcome.replaced} changed,{' '}
              {outcome.unchanged} as they are, {outcome.errors.length} refused.
            </p>
            {outcome.errors.length > 0 && (
              <ul class="bullets">
                {outcome.errors.slice(0, SHOWN).map(({ line, thing, message }) => (
                  <li key={line}>
                    line {line}
                    {thing !== '' && `, ${thing}`}: {message}
                  </li>
                ))}
                {outcome.errors.length > SHOWN && <li>and {outcome.errors.length - SHOWN} more</li>}
              </ul>
            )}
          </div>
        )}
        <div class="buttons">
          {outcome && !outcome.done && (
            <button
              type="button"
              class="primary"
              disabled={busy || taken === 0}
              onClick={() => send(csv, false)}
            >
              Register {taken}
            </button>
          )}
          <button type="button" onClick={onClose}>
            {outcome?.done ? 'Done' : 'Cancel'}
          </button>
        </div>
      </div>
    </Dialog>
  )
}
