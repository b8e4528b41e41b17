import { call, segment } from '../api/client.ts'
import { jsonText } from '../api/json-text.ts'
import { types } from '../data/registry.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Empty } from '../ui/parts.tsx'

export interface Template {
  name: string
  body: Record<string, unknown>
  type: string
  allowListed: boolean
  enabled: boolean
}

/** AWS IoT's fleet provisioning template: the thing is named by its serial number, its certificate made active. */
const usual = {
  Parameters: { SerialNumber: { Type: 'String' }, 'AWS::IoT::Certificate::Id': { Type: 'String' } },
  Resources: {
    thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'SerialNumber' } } },
    certificate: {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
    },
  },
}

/** Adds or changes a template, and the names that may come by it. */
export function TemplateDialog(props: {
  template: Template | null
  onClose: () => void
  onSaved: () => void
}) {
  const { template, onClose, onSaved } = props
  const { busy, problem, run } = useAction()
  const submit = (form: FormData): void =>
    run(async () => {
      const name = template?.name ?? textOf(form, 'name').trim()
      const path = `/v1/provisioning/templates/${segment(name)}`
      const body = {
        body: jsonText(textOf(form, 'body')),
        type: textOf(form, 'type'),
        allowListed: form.has('allowListed'),
        enabled: form.has('enabled'),
      }
      await call(path, { method: 'PUT', body })
      const things = textOf(form, 'things').split(/[\s,;]+/).filter((thing) => thing !== '') // prettier-ignore
      if (things.length > 0) await call(`${path}/allowed`, { method: 'POST', body: { things } })
      onSaved()
      onClose()
    })
  if (types.value.size === 0)
    return (
      <Dialog title="Add a template" onClose={onClose}>
        <Empty title="There is no device type yet">
          Add one under <a href="#/devices?tab=types">Types</a> first.
        </Empty>
      </Dialog>
    )
  return (
    <FormDialog
      title={template ? `Edit ${template.name}` : 'Add a template'}
      verb="Save"
      busy={busy}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      {!template && (
        <Field label="Name">
          <input name="name" required pattern="[\w\-]{1,36}" autofocus autocomplete="off" />
        </Field>
      )}
      <Field label="Type of its devices">
        <select name="type" defaultValue={template?.type}>
          {[...types.value.keys()].map((type) => (
            <option key={type} value={type}>
              {type}
            </option>
          ))}
        </select>
      </Field>
      <label class="check">
        <input type="checkbox" name="allowListed" defaultChecked={template?.allowListed ?? true} /> Only names
        on its list may come
      </label>
      <label class="check">
        <input type="checkbox" name="enabled" defaultChecked={template?.enabled ?? true} /> In use
      </label>
      <Field label="Put on its list" hint="Names, one a line. Those that are on it stay.">
        <textarea name="things" class="code" rows={3} />
      </Field>
      <Field label="Body" hint="JSON, as AWS IoT’s fleet provisioning has it.">
        <textarea
          name="body"
          class="code"
          rows={8}
          required
          defaultValue={JSON.stringify(template?.body ?? usual, null, 2)}
        />{' '}
        {/* prettier-ignore */}
      </Field>
    </FormDialog>
  )
}
