import { call, segment } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import type { Device } from '../api/types.ts'
import { types } from '../data/registry.ts'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'

/** A building's description as JSON; a new one starts from the sensors that are there. */
export function SiteDialog(props: {
  site: string
  described: Record<string, unknown> | null
  members: readonly Device[]
  onClose: () => void
  onSaved: () => void
}) {
  const { site, described, members, onClose, onSaved } = props
  const { busy, problem, run } = useAction()
  const text = JSON.stringify(described ? { ...described, name: undefined } : draftOf(members), null, 2)
  const submit = (form: FormData): void =>
    run(async () => {
      await call(`/v1/sites/${segment(site)}`, { method: 'PUT', body: parsed(textOf(form, 'body')) })
      onSaved()
      onClose()
    })
  return (
    <FormDialog
      title={`Describe ${site}`}
      verb="Save"
      busy={busy}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field
        label="Description"
        hint="Which devices measure which zone, meters and their shares, plants, schedule, tariff. docs/building.md and the API’s own page say what each field means."
      >
        <textarea name="body" class="code tall" spellcheck={false} defaultValue={text} />
      </Field>
    </FormDialog>
  )
}

const ZONE_MEASURES = ['temperature', 'humidity', 'co2', 'motion', 'presence', 'light', 'illuminance', 'people', 'count'] // prettier-ignore

/** A zone for each device that measures a room, a meter for each that measures power; what only people know is left to them. */
function draftOf(members: readonly Device[]): object {
  const measuresOf = ({ type }: Device): string[] => Object.keys(types.value.get(type)?.measures ?? {})
  const bare = (measure: string): string => measure.split('@', 1)[0] ?? measure
  return {
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    zones: members
      .filter((device) =>
        measuresOf(device).some((measure) => bare(measure) === 'co2' || bare(measure) === 'motion'),
      )
      .map((device) => ({
        name: device.thing,
        sensors: [
          {
            thing: device.thing,
            measures: measuresOf(device).filter((m) => ZONE_MEASURES.includes(bare(m))),
          },
        ],
      })),
    meters: members.flatMap((device) =>
      measuresOf(device)
        .filter((measure) => bare(measure) === 'power' || bare(measure) === 'energy')
        .map((measure) => ({ id: `${device.thing}-${bare(measure)}`, thing: device.thing, measure })),
    ),
    control: 'advise',
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem(
      'bad_json',
      400,
      'the description is not valid JSON',
      error instanceof Error ? error.message : '',
    )
  }
}
