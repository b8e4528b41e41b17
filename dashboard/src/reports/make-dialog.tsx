import { call } from '../api/client.ts'
import type { Trade } from '../api/types.ts'
import { devices, sites } from '../data/registry.ts'
import { go } from '../router.ts'
import { me } from '../session/me.ts'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import type { Report } from './report-types.ts'

const tradeText: Record<Trade, string> = { plant: 'Plant', fleet: 'Fleet', building: 'Buildings' }

/** Asks for a report of any days, and shows it once it is made. */
export function MakeDialog(props: { timeZone: string; onClose: () => void; onMade: () => void }) {
  const { timeZone, onClose, onMade } = props
  const { busy, problem, run } = useAction()
  const there = new Set([...(devices.value?.values() ?? [])].map(({ trade }) => trade))
  const seen = me.value?.sites
  const submit = (form: FormData): void =>
    run(async () => {
      const [firstDay, site] = [textOf(form, 'firstDay'), textOf(form, 'site')]
      const made = await call<Report>('/v1/reports', {
        method: 'POST',
        body: {
          trade: textOf(form, 'trade'),
          site: site === '' ? null : site,
          ...(firstDay !== '' && { firstDay, days: Number(textOf(form, 'days')) }),
        },
      })
      onMade()
      go(['reports', made.id])
    })
  return (
    <FormDialog
      title="Make a report"
      verb={busy ? 'Being made…' : 'Make it'}
      busy={busy}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <div class="pair">
        <Field label="Of">
          <select name="trade">
            {(['plant', 'fleet', 'building'] as const)
              .filter((trade) => there.size === 0 || there.has(trade))
              .map((trade) => (
                <option key={trade} value={trade}>
                  {tradeText[trade]}
                </option>
              ))}
          </select>
        </Field>
        <Field label="Site">
          <select name="site">
            {seen ? null : <option value="">All sites</option>}
            {(seen ?? sites.value.filter((site) => site !== '')).map((site) => (
              <option key={site} value={site}>
                {site}
              </option>
            ))}
          </select>
        </Field>
        <Field label="First day" hint={`In ${timeZone}; empty for the last whole week.`}>
          <input name="firstDay" type="date" />
        </Field>
        <Field label="Days">
          <input name="days" type="number" min={1} max={31} required defaultValue={7} />
        </Field>
      </div>
    </FormDialog>
  )
}
