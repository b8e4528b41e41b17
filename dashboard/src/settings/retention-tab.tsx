import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { bytes, count, date } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { may } from '../session/me.ts'
import { useAction } from '../ui/form.tsx'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'

const kinds = ['readings', 'windows', 'quarters', 'days'] as const
const kindText = {
  readings: 'Readings',
  windows: 'Minutes',
  quarters: 'Quarter-hours',
  days: 'Days',
} as const

interface Class {
  name: string
  measures: string[]
  days: Record<(typeof kinds)[number], number>
}
interface Policy {
  classes: Class[]
  warmAfterDays: number
  coldAfterDays: number
}
interface Due {
  kind: string
  class: string
  from: number
  until: number
  files: number
  bytes: number | null
  rows: number
}
const DAY = 86_400_000

/** How long what is kept, and what would go by today's policy. */
export function RetentionTab() {
  const { data, problem, reload } = useData('retention', async (signal) => call<{ policy: Policy; due: Due[] }>('/v1/retention', { signal })) // prettier-ignore
  if (problem) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data)
    return (
      <Panel title="How long what is kept, in days">
        <Loading lines={6} />
      </Panel>
    )
  return (
    <div class="stack">
      <PolicyForm key={JSON.stringify(data.policy)} policy={data.policy} onSaved={reload} />
      <Panel title="What would go now">
        {data.due.length === 0 ? (
          <Empty title="Nothing is old enough to go">
            Oldest data goes first, at most two days of it a day; what goes is listed here before.
          </Empty>
        ) : (
          <Table
            label="What would go now"
            items={data.due}
            keyOf={(due) => `${due.class} ${due.kind} ${due.from}`}
            columns={[
              { title: 'What', cell: ({ kind }) => kind },
              { title: 'Class', cell: (due) => due.class },
              { title: 'From', cell: ({ from }) => date(from * DAY) },
              { title: 'Until', cell: ({ until }) => date(until * DAY) },
              { title: 'Rows', cell: ({ rows }) => count(rows), numeric: true },
              { title: 'Size', cell: (due) => (due.bytes === null ? '–' : bytes(due.bytes)), numeric: true },
            ]}
          />
        )}
      </Panel>
    </div>
  )
}

function PolicyForm({ policy, onSaved }: { policy: Policy; onSaved: () => void }) {
  const [classes, setClasses] = useState(policy.classes)
  const [ages, setAges] = useState({ warm: policy.warmAfterDays, cold: policy.coldAfterDays })
  const { busy, problem, run } = useAction()
  const mayChange = may('admin')
  /** The one class without measures is for all that no other names. */
  const others = policy.classes.find(({ measures }) => measures.length === 0)?.name
  const change = (index: number, next: Partial<Class>): void =>
    setClasses(classes.map((one, i) => (i === index ? { ...one, ...next } : one)))
  const save = (): void =>
    run(async () => {
      const body = { classes, warmAfterDays: ages.warm, coldAfterDays: ages.cold }
      await call('/v1/retention', { method: 'PUT', body })
      onSaved()
    })
  const days = (label: string, value: number, onChange: (days: number) => void) => (
    <input
      type="number"
      class="days"
      min={1}
      max={36_600}
      required
      disabled={!mayChange}
      aria-label={label}
      value={value}
      onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
    />
  )
  return (
    <Panel title="How long what is kept, in days">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <Table
          label="Retention by class of measures"
          items={classes.map((one, index) => ({ ...one, index }))}
          keyOf={({ index }) => String(index)}
          columns={[
            {
              title: 'Class',
              cell: ({ name, index }) => (
                <input
                  aria-label="Name of the class"
                  value={name}
                  required
                  pattern="[a-z][a-z0-9\-]{0,31}"
                  disabled={!mayChange || name === others}
                  onInput={(event) => change(index, { name: event.currentTarget.value })}
                />
              ),
            },
            {
              title: 'Measures',
              cell: ({ measures, name, index }) =>
                name === others ? (
                  <span class="muted">all others</span>
                ) : (
                  <input
                    aria-label={`Measures of ${name}`}
                    placeholder="temperature, vibration"
                    value={measures.join(', ')}
                    required
                    disabled={!mayChange}
                    onChange={(event) => change(index, { measures: listOf(event.currentTarget.value) })}
                  />
                ),
            },
            ...kinds.map((kind) => ({
              title: kindText[kind],
              cell: (one: Class & { index: number }) =>
                days(`${kindText[kind]} of ${one.name}`, one.days[kind], (n) =>
                  change(one.index, { days: { ...one.days, [kind]: n } }),
                ),
            })),
            ...(mayChange
              ? [
                  {
                    title: 'Change',
                    card: 'plain' as const,
                    cell: ({ name, index }: Class & { index: number }) =>
                      name !== others && (
                        <button
                          type="button"
                          class="small"
                          aria-label={`Remove the class ${name}`}
                          onClick={() => setClasses(classes.filter((_, i) => i !== index))}
                        >
                          Remove
                        </button>
                      ),
                  },
                ]
              : []),
          ]}
        />
        <div class="body toolbar">
          <label class="choice">
            <span>Warm after</span>
            {days('Warm after days', ages.warm, (warm) => setAges({ ...ages, warm }))}
          </label>
          <label class="choice">
            <span>Cold after</span>
            {days('Cold after days', ages.cold, (cold) => setAges({ ...ages, cold }))}
          </label>
          {mayChange && (
            <>
              <button
                type="button"
                onClick={() =>
                  setClasses([
                    ...classes,
                    { name: `class-${classes.length}`, measures: [], days: { ...classes[0]!.days } },
                  ])
                }
              >
                Add a class
              </button>
              <button type="submit" class="primary" disabled={busy}>
                Save
              </button>
            </>
          )}
        </div>
        {problem && <ProblemNote problem={problem} />}
      </form>
    </Panel>
  )
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
