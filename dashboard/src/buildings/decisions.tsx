import type { Fact } from '../api/types.ts'
import { listIn, numberIn, textIn } from '../data/facts.ts'
import { moment, value } from '../data/format.ts'
import { Empty, Panel } from '../ui/parts.tsx'

/** What was decided for heating and cooling, what it saves, and why. */
export function Decisions({ site, decisions }: { site: string; decisions: readonly Fact[] }) {
  const newest = [...decisions].sort((a, b) => b.at - a.at)[0]
  const own = newest && textIn(newest, 'why') !== null ? [newest.value] : []
  const zones = newest ? [...listIn(newest, 'zones'), ...own].filter(isObject) : []
  const [saving, low] = [numberIn(newest, 'saving'), numberIn(newest, 'savingLow')]
  return (
    <Panel
      title={`Plan for ${site}`}
      actions={<span class="muted">{newest ? `of ${moment(newest.at)}` : ''}</span>}
    >
      {!newest ? (
        <Empty title="Nothing has been planned yet">
          A plan needs a zone with a plant that can be steered, a tariff, and about a week of its history. It
          is only advised until the site’s control is set to “apply”.
        </Empty>
      ) : (
        <div class="body stack">
          {saving !== null && (
            <p>
              <b>{textIn(newest, 'action') === 'apply' ? 'Applied' : 'Advised'}</b>: saves{' '}
              {value(Math.round(saving * 100))} % of the schedule’s cost
              {low !== null && `, at least ${value(Math.round(low * 100))} % with 80 % confidence`}.
            </p>
          )}
          <ul class="entries">
            {zones.map((zone) => (
              <li key={textOfField(zone['zone'])}>
                <span>
                  <b>{textOfField(zone['zone'])}</b> <span class="muted">{textOfField(zone['why'])}</span>
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  )
}

const isObject = (found: unknown): found is Record<string, unknown> =>
  typeof found === 'object' && found !== null
const textOfField = (found: unknown): string => (typeof found === 'string' ? found : '')
