import { useRef, useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import type { DeviceType } from '../api/types.ts'
import { duration, unitText, value } from '../data/format.ts'
import { loadRegistry, types } from '../data/registry.ts'
import { may } from '../session/me.ts'
import { Field, useAction, textOf } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Empty, Panel } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'

/** What the repository has as examples, each a file of its own until somebody wants it. */
const templates = import.meta.glob<object>('../../../examples/types/*.json', { import: 'default' })
const nameOf = (path: string): string => path.replace(/^.*\/|\.json$/g, '')

const example = `{
  "trade": "plant",
  "expectedIntervalMs": 1000,
  "measures": {
    "temperature": { "unit": "Cel", "low": -20, "high": 90, "severity": { "limit": "critical" } },
    "vibration": { "unit": "mm/s", "low": 0, "high": 7.1 }
  }
}`

export function TypesTab() {
  const [edited, setEdited] = useState<DeviceType | 'new' | null>(null)
  const known = [...types.value.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return (
    <>
      <Panel
        title="Device types"
        actions={
          may('admin') && (
            <button type="button" class="small" onClick={() => setEdited('new')}>
              Add a type
            </button>
          )
        }
      >
        {known.length === 0 ? (
          <Empty title="There is no type yet">
            A type says what its devices measure: units, physical limits, and how urgent a breach is.
          </Empty>
        ) : (
          <Table
            label="Device types"
            items={known}
            keyOf={({ name }) => name}
            columns={[
              { title: 'Name', cell: ({ name }) => <b class="nowrap">{name}</b> },
              { title: 'Trade', cell: ({ trade }) => trade },
              {
                title: 'Measures and limits',
                cell: ({ measures }) => (
                  <span class="muted">
                    {Object.entries(measures)
                      .map(([name, m]) => `${name}${limitsText(m)}`)
                      .join(', ')}
                  </span>
                ),
                minor: true,
              },
              { title: 'Sends', cell: ({ expectedIntervalMs: ms }) => <span class="nowrap">{ms === undefined ? 'as learned' : `every ${duration(ms)}`}</span>, minor: true }, // prettier-ignore
              { title: 'Version', cell: ({ version }) => version, numeric: true },
              {
                title: 'Change',
                card: 'plain',
                cell: (type) => (
                  <button
                    type="button"
                    class="small"
                    aria-label={`Edit ${type.name}`}
                    onClick={() => setEdited(type)}
                  >
                    {may('admin') ? 'Edit' : 'Show'}
                  </button>
                ),
              },
            ]}
          />
        )}
      </Panel>
      {edited && <TypeDialog type={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </>
  )
}

function limitsText({ low, high, unit }: { low?: number; high?: number; unit?: string }): string {
  const u = unitText(unit)
  if (low === undefined && high === undefined) return u === '' ? '' : ` (${u})`
  return ` (${low === undefined ? 'up to' : value(low)}${low !== undefined && high !== undefined ? ' to' : ''} ${high === undefined ? 'or more' : value(high)} ${u})`
}

function TypeDialog({ type, onClose }: { type: DeviceType | null; onClose: () => void }) {
  const { busy, problem, run } = useAction()
  const name = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLTextAreaElement>(null)
  const text = type ? JSON.stringify({ ...type, name: undefined, version: undefined }, null, 2) : example
  const submit = (form: FormData): void =>
    run(async () => {
      const name = type?.name ?? textOf(form, 'name').trim()
      await call(`/v1/types/${segment(name)}`, { method: 'PUT', body: parsed(textOf(form, 'body')) })
      await loadRegistry()
      onClose()
    })
  const fill = (path: string): void =>
    run(async () => {
      const found = path === '' ? null : await templates[path]?.()
      if (body.current)
        body.current.value = found ? JSON.stringify({ ...found, name: undefined }, null, 2) : example
      if (name.current && found) name.current.value = nameOf(path)
    })
  return (
    <FormDialog
      title={type ? `Type ${type.name}` : 'Add a device type'}
      verb={may('admin') ? 'Save' : null}
      busy={busy}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      {type === null && (
        <div class="pair">
          <Field label="Name">
            <input ref={name} name="name" required maxLength={64} autofocus autocomplete="off" />
          </Field>
          <Field label="Start from">
            <select onChange={(event) => fill(event.currentTarget.value)}>
              <option value="">a short example</option>
              {Object.keys(templates).map((path) => (
                <option key={path} value={path}>
                  {nameOf(path)}
                </option>
              ))}
            </select>
          </Field>
        </div>
      )}
      <Field
        label="Definition"
        hint={`${type ? `Version ${type.version}. ` : ''}Units are UCUM codes. It holds for what is received from a moment after it is saved.`}
      >
        <textarea ref={body} name="body" class="code" spellcheck={false} defaultValue={text} />
      </Field>
    </FormDialog>
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem(
      'bad_json',
      400,
      'the definition is not valid JSON',
      error instanceof Error ? error.message : '',
    )
  }
}
