import { call, segment } from '../api/client.ts'
import { now } from '../data/clock.ts'
import { moment } from '../data/format.ts'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import type { Override, Zone } from './building-data.ts'

const HOUR = 3_600_000

/** Sets a zone by hand for a while; plans leave it alone meanwhile. */
export function OverrideDialog(props: {
  site: string
  zone: Zone
  override: Override | null
  onClose: () => void
  onChanged: () => void
}) {
  const { site, zone, override, onClose, onChanged } = props
  const { busy, problem, run } = useAction()
  const path = `/v1/buildings/${segment(site)}/zones/${segment(zone.zone)}/override`
  const done = (): void => {
    onChanged()
    onClose()
  }
  const set = (form: FormData): void =>
    run(async () => {
      const number = (name: string): number => Number(textOf(form, name))
      const body = {
        heatC: number('heatC'),
        coolC: number('coolC'),
        until: Math.round(now() + number('hours') * HOUR),
      }
      await call(path, { method: 'PUT', body })
      done()
    })
  const end = (): void =>
    run(async () => {
      await call(path, { method: 'DELETE' })
      done()
    })
  return (
    <FormDialog
      title={`Set ${zone.zone} by hand`}
      verb="Set"
      busy={busy}
      problem={problem}
      onSubmit={set}
      onClose={onClose}
      more={
        override && (
          <button type="button" disabled={busy} onClick={end}>
            Give it back to the plan
          </button>
        )
      }
    >
      {override && (
        <p class="note">
          Set by {override.by} to {override.heatC} to {override.coolC} °C until {moment(override.until)}.
        </p>
      )}
      <div class="pair">
        <Field label="Heat below, °C">
          <input
            name="heatC"
            type="number"
            step="0.5"
            min={5}
            max={35}
            required
            defaultValue={override?.heatC ?? 21}
            autofocus
          />{' '}
          {/* prettier-ignore */}
        </Field>
        <Field label="Cool above, °C">
          <input
            name="coolC"
            type="number"
            step="0.5"
            min={10}
            max={40}
            required
            defaultValue={override?.coolC ?? 25}
          />{' '}
          {/* prettier-ignore */}
        </Field>
      </div>
      <Field label="For hours" hint="At most seven days; then the plan takes over again.">
        <input name="hours" type="number" step="0.5" min={0.5} max={168} required defaultValue={4} />
      </Field>
    </FormDialog>
  )
}
