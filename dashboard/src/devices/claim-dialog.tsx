import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { download, Field, textOf, useAction } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'

interface Issued {
  claim: { name: string }
  certificatePem: string
  privateKeyPem: string
}

/** Issues a claim certificate and gives its key, once. */
export function ClaimDialog(props: {
  templates: readonly string[]
  onClose: () => void
  onIssued: () => void
}) {
  const { templates, onClose, onIssued } = props
  const { busy, problem, run } = useAction()
  const [issued, setIssued] = useState<Issued | null>(null)
  const submit = (form: FormData): void =>
    run(async () => {
      const body = { name: textOf(form, 'name').trim(), template: textOf(form, 'template') }
      setIssued(await call<Issued>('/v1/provisioning/claims', { method: 'POST', body }))
      onIssued()
    })
  if (issued)
    return (
      <Dialog title={`The claim ${issued.claim.name}`} onClose={onClose}>
        <div class="body stacked">
          <div class="note">
            <b>Download the private key now.</b> It is shown this once and kept nowhere.
          </div>
          <div class="buttons">
            <button
              type="button"
              class="primary"
              onClick={() => download(`${issued.claim.name}.key.pem`, issued.privateKeyPem)}
            >
              {' '}
              {/* prettier-ignore */}
              {issued.claim.name}.key.pem
            </button>
            <button
              type="button"
              onClick={() => download(`${issued.claim.name}.cert.pem`, issued.certificatePem)}
            >
              {' '}
              {/* prettier-ignore */}
              {issued.claim.name}.cert.pem
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
      title="Issue a claim"
      verb="Issue"
      busy={busy}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Name" hint="Of the batch, or of the factory that gets it.">
        <input name="name" required pattern="[\w\-]{1,36}" autofocus autocomplete="off" />
      </Field>
      <Field label="Template">
        <select name="template">
          {templates.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </Field>
    </FormDialog>
  )
}
