import { useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import type { Device, IssuedCredential, Trade } from '../api/types.ts'
import { devices, sites, types } from '../data/registry.ts'
import { Confirm } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, useAction, textOf } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Empty } from '../ui/parts.tsx'
import { DeviceGroups } from './device-groups.tsx'
import { Issued } from './issued.tsx'

/** Registers a device and gives its certificate, once; or changes one that is there. */
export function RegisterDialog(props: {
  device: Device | null
  onClose: () => void
  onChanged: () => Promise<void>
}) {
  const { device, onClose, onChanged } = props
  const known = [...types.value.values()]
  const [type, setType] = useState(device?.type ?? known[0]?.name ?? '')
  const [issued, setIssued] = useState<{ thing: string; credential: IssuedCredential } | null>(null)
  const { busy, problem, run } = useAction()
  const trade: Trade = known.find(({ name }) => name === type)?.trade ?? 'plant'

  const submit = (form: FormData): void =>
    run(async () => {
      const thing = device?.thing ?? (await freeName(textOf(form, 'thing').trim()))
      await call(`/v1/devices/${segment(thing)}`, { method: 'PUT', body: bodyOf(form, device, trade, type) })
      if (device === null) {
        const credential = await call<IssuedCredential>(`/v1/devices/${segment(thing)}/credentials`, {
          method: 'POST',
          body: {},
        })
        setIssued({ thing, credential })
      } else onClose()
      await onChanged()
    })
  const remove = (what: '' | '/data'): void =>
    run(async () => {
      await call(`/v1/devices/${segment(device?.thing ?? '')}${what}`, { method: 'DELETE' })
      onClose()
      await onChanged()
    })

  if (issued)
    return (
      <Dialog title={`${issued.thing} is registered`} onClose={onClose}>
        <Issued thing={issued.thing} trade={trade} credential={issued.credential} onClose={onClose} />
      </Dialog>
    )
  if (known.length === 0)
    return (
      <Dialog title="Register a device" onClose={onClose}>
        <Empty title="There is no device type yet">
          A device belongs to a type, which names its measures, units and limits. Add one under{' '}
          <a href="#/devices?tab=types">Types</a> first.
        </Empty>
      </Dialog>
    )
  return (
    <FormDialog
      title={device ? `Edit ${device.thing}` : 'Register a device'}
      verb={device ? 'Save' : 'Register'}
      busy={busy}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
      more={
        <>
          {device && (
            <Confirm
              label="Forget"
              question="Forget this device and revoke its certificates? Its data stays."
              disabled={busy}
              onConfirm={() => remove('')}
            />
          )}
          {device && (
            <Confirm
              label="Erase"
              question="Forget this device and erase everything it ever sent?"
              disabled={busy}
              onConfirm={() => remove('/data')}
            />
          )}
        </>
      }
      below={device && <DeviceGroups thing={device.thing} />}
    >
      {device === null && (
        <Field
          label="Name"
          hint="Letters, digits, _ : and -. It is the MQTT client id and cannot be changed."
        >
          <input
            name="thing"
            required
            maxLength={128}
            pattern="[A-Za-z0-9_:\-]+"
            autofocus
            autocomplete="off"
          />
        </Field>
      )}
      <div class="pair">
        <Field label="Type" hint={`Trade: ${trade}`}>
          <select value={type} onChange={(event) => setType(event.currentTarget.value)}>
            {known.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Site">
          <input
            name="site"
            list="sites"
            maxLength={64}
            defaultValue={device?.site ?? ''}
            autocomplete="off"
          />
        </Field>
        <Field label="Status">
          <select name="status" defaultValue={device?.status ?? 'active'}>
            <option value="active">active</option>
            <option value="suspended">suspended: refused until active again</option>
            <option value="retired">retired</option>
          </select>
        </Field>
        <Field label="Gateway" hint="Only if another device speaks for it.">
          <input name="gateway" list="gateways" defaultValue={device?.gateway ?? ''} autocomplete="off" />
        </Field>
      </div>
      <div class="pair">
        <Field label="Latitude" hint="Where it stands, for a device that does not move.">
          <input
            name="latitude"
            inputMode="decimal"
            defaultValue={device?.location?.latitude ?? ''}
            autocomplete="off"
          />
        </Field>
        <Field label="Longitude">
          <input
            name="longitude"
            inputMode="decimal"
            defaultValue={device?.location?.longitude ?? ''}
            autocomplete="off"
          />
        </Field>
      </div>
      <Field label="Attributes" hint="One a line, as name=value.">
        <textarea name="attributes" rows={3} defaultValue={attributeText(device?.attributes ?? {})} />
      </Field>
      <datalist id="sites">
        {sites.value
          .filter((site) => site !== '')
          .map((site) => (
            <option key={site} value={site} />
          ))}
      </datalist>
      <datalist id="gateways">
        {[...(devices.value?.values() ?? [])]
          .filter((d) => d.trade === trade)
          .slice(0, 200)
          .map(({ thing }) => (
            <option key={thing} value={thing} />
          ))}
      </datalist>
    </FormDialog>
  )
}

const attributeText = (attributes: Record<string, string>): string =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')

function bodyOf(form: FormData, device: Device | null, trade: Trade, type: string): Omit<Device, 'thing'> {
  const text = (name: string): string => textOf(form, name).trim()
  const attributes = text('attributes')
    .split('\n')
    .map((line) => line.split(/=(.*)/s).map((part) => part.trim()))
    .filter((parts) => parts[0] !== undefined && parts[0] !== '')
    .map(([name, value]) => [name ?? '', value ?? ''] as const)
  return {
    trade,
    type,
    status: text('status') as Device['status'],
    attributes: Object.fromEntries(attributes),
    ...(text('site') !== '' && { site: text('site') }),
    ...(text('gateway') !== '' && { gateway: text('gateway') }),
    ...locationOf(text('latitude'), text('longitude')),
    ...(device?.measures && { measures: device.measures }),
  }
}

function locationOf(latitude: string, longitude: string): Pick<Device, 'location'> {
  if (latitude === '' && longitude === '') return {}
  const location = { latitude: Number(latitude), longitude: Number(longitude) }
  if (latitude === '' || longitude === '' || !Object.values(location).every(Number.isFinite))
    throw new Problem(
      'bad_body',
      0,
      'a place needs both latitude and longitude in degrees, such as 43.73 and 7.42',
      '',
    )
  return { location }
}

/** Putting a device replaces one of the same name, which nobody means who registers a new one. */
async function freeName(thing: string): Promise<string> {
  const { items } = await call<{ items: unknown[] }>(`/v1/latest?things=${segment(thing)}`)
  if (items.length > 0)
    throw new Problem('name_taken', 0, `there is a device ${thing} already`, 'choose another name')
  return thing
}
