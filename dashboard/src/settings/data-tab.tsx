import { useState } from 'preact/hooks'
import { request, withQuery } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import { now } from '../data/clock.ts'
import { count, plural } from '../data/format.ts'
import { may } from '../session/me.ts'
import { Field, saveBlob, textOf, useAction } from '../ui/form.tsx'
import { Panel, ProblemNote } from '../ui/parts.tsx'

const DAY = 86_400_000

/** Readings as files: out for a range of days, in with an answer to every row. */
export function DataTab() {
  return (
    <div class="columns">
      <Export />
      {may('operator') && <Import />}
    </div>
  )
}

function Export() {
  const { busy, problem, run } = useAction()
  const [out, setOut] = useState<{ rows: number; share: number } | null>(null)
  const save = (form: FormData): void =>
    run(async () => {
      const format = textOf(form, 'format')
      const [from, until] = ['from', 'until'].map((name) => Date.parse(`${textOf(form, name)}T00:00:00Z`))
      if ((until ?? 0) < (from ?? 0))
        throw new Problem('bad_range', 0, 'the last day lies before the first', 'choose a later last day')
      const parts: Blob[] = []
      let rows = 0
      setOut(null)
      let next: string | null = withQuery('/v1/export', {
        things: textOf(form, 'things').replaceAll(/\s/g, ''),
        from,
        to: (until ?? 0) + DAY,
        format,
      })
      while (next !== null) {
        const { headers, blob } = await partOf(next)
        parts.push(blob)
        rows += Number(headers.get('x-rows'))
        setOut({ rows, share: Number(headers.get('x-done')) })
        next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? null
        // Each part of Parquet is a file of its own; those of CSV are one.
        if (format === 'parquet' && Number(headers.get('x-rows')) > 0)
          saveBlob(`readings-${parts.length}.parquet`, parts.at(-1) ?? blob)
      }
      if (format === 'csv') saveBlob('readings.csv', new Blob(parts, { type: 'text/csv' }))
    })
  return (
    <Panel title="Readings out">
      <form
        class="body stacked"
        onSubmit={(event) => {
          event.preventDefault()
          save(new FormData(event.currentTarget))
        }}
      >
        <Field label="Devices" hint="Names with commas between them; empty for all that you see.">
          <input name="things" autocomplete="off" />
        </Field>
        <div class="pair">
          <Field label="First day" hint="In UTC, as the lake has them.">
            <input name="from" type="date" required defaultValue={dayOf(now() - DAY)} />
          </Field>
          <Field label="Last day">
            <input name="until" type="date" required defaultValue={dayOf(now())} />
          </Field>
        </div>
        <Field label="Format">
          <select name="format">
            <option value="csv">CSV</option>
            <option value="parquet">Parquet, a file a part</option>
          </select>
        </Field>
        {problem && <ProblemNote problem={problem} />}
        <div class="buttons">
          <button type="submit" class="primary" disabled={busy}>
            Save
          </button>
          {out && (
            <span class="muted" role="status">
              {plural(out.rows, 'reading')}, {Math.round(100 * out.share)} % of it
            </span>
          )}
        </div>
      </form>
    </Panel>
  )
}

async function partOf(path: string): Promise<{ headers: Headers; blob: Blob }> {
  const response = await request(path)
  return { headers: response.headers, blob: await response.blob() }
}

interface Outcome {
  rows: number
  taken: number
  refused: number
  faults: { row: number; reason: string }[]
}
const SHOWN = 20

function Import() {
  const { busy, problem, run } = useAction()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const send = (files: FileList | null): void =>
    run(async () => {
      const file = files?.[0]
      if (!file) return
      const type = file.name.endsWith('.parquet') ? 'application/vnd.apache.parquet' : 'text/csv'
      setOutcome(null)
      const response = await request('/v1/import', { method: 'POST', file: new Blob([file], { type }) })
      setOutcome((await response.json()) as Outcome)
    })
  return (
    <Panel title="Readings in">
      <div class="body stacked">
        <Field
          label="CSV or Parquet"
          hint="Columns device, measure, ts and value or text. They are stored as history and raise nothing; the same file twice changes nothing."
        >
          <input
            type="file"
            accept=".csv,.parquet"
            disabled={busy}
            onChange={(event) => send(event.currentTarget.files)}
          />{' '}
          {/* prettier-ignore */}
        </Field>
        {busy && <p role="status">Reading it…</p>}
        {problem && <ProblemNote problem={problem} />}
        {outcome && (
          <div role="status" class="stack tight">
            <p>
              {count(outcome.taken)} of {plural(outcome.rows, 'row')} taken, {count(outcome.refused)} refused.
            </p>
            {outcome.faults.length > 0 && (
              <ul class="bullets">
                {outcome.faults.slice(0, SHOWN).map(({ row, reason }) => (
                  <li key={row}>
                    row {row}: {reason}
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
      </div>
    </Panel>
  )
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
