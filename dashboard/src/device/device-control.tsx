import { useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import { jsonText } from '../api/json-text.ts'
import type { Page } from '../api/types.ts'
import { moment } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { Loading, Panel, ProblemNote } from '../ui/parts.tsx'

interface Command {
  id: string
  name: string
  status: 'queued' | 'sent' | 'acknowledged' | 'succeeded' | 'failed' | 'expired'
  by: string
  createdAt: number
  detail: string | null
}
interface Shadow {
  state: { desired?: unknown; reported?: unknown; delta?: unknown }
}

/** Orders to a device, and its desired and reported state. Asked for only once somebody opens it. */
export function DeviceControl({ thing }: { thing: string }) {
  const [open, setOpen] = useState(false)
  return (
    <Panel
      title="Commands and state"
      actions={
        <button type="button" class="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Show'}
        </button>
      }
    >
      {open && <Opened thing={thing} />}
    </Panel>
  )
}

function Opened({ thing }: { thing: string }) {
  const base = `/v1/devices/${segment(thing)}`
  const { data, problem, reload } = useData(
    `control ${thing}`,
    async (signal) => {
      const [commands, shadows] = await Promise.all([
        call<Page<Command>>(`${base}/commands?limit=8`, { signal }),
        call<{ items: string[] }>(`${base}/shadows`, { signal }),
      ])
      const shadow = shadows.items.includes('') ? await call<Shadow>(`${base}/shadow`, { signal }) : null
      return { commands: commands.items, shadow }
    },
    5000,
  )
  const action = useAction()
  if (problem) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data) return <Loading lines={4} />
  const send = (form: FormData): void =>
    action.run(async () => {
      const body = { name: textOf(form, 'name').trim(), payload: jsonText(textOf(form, 'payload')) }
      await call(`${base}/commands`, { method: 'POST', body })
      reload()
    })
  const want = (form: FormData): void =>
    action.run(async () => {
      const desired = jsonText(textOf(form, 'desired'))
      await call(`${base}/shadow`, { method: 'POST', body: { state: { desired } } })
      reload()
    })
  return (
    <div class="body stack">
      {action.problem && <ProblemNote problem={action.problem} />}
      <form
        class="stacked"
        onSubmit={(event) => {
          event.preventDefault()
          send(new FormData(event.currentTarget))
        }}
      >
        <Field label="Command">
          <input name="name" required pattern="[A-Za-z0-9_\-]{1,64}" autocomplete="off" />
        </Field>
        <Field
          label="Its payload"
          hint="JSON; empty for none. Sent at once, or when the device is back within an hour."
        >
          <input name="payload" autocomplete="off" />
        </Field>
        <button type="submit" disabled={action.busy}>
          Send
        </button>
      </form>
      {data.commands.length > 0 && (
        <ul class="bullets">
          {data.commands.map(({ id, name, status, by, createdAt, detail }) => (
            <li key={id}>
              <b>{name}</b> {status}
              {detail !== null && `: ${detail}`}{' '}
              <span class="muted">
                by {by}, {moment(createdAt)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {data.shadow ? (
        <dl class="facts">
          <dt>Reported</dt>
          <dd>
            <code>{JSON.stringify(data.shadow.state.reported ?? {})}</code>
          </dd>
          <dt>Desired</dt>
          <dd>
            <code>{JSON.stringify(data.shadow.state.desired ?? {})}</code>
          </dd>
          {data.shadow.state.delta !== undefined && (
            <>
              <dt>Difference</dt>
              <dd>
                <code>{JSON.stringify(data.shadow.state.delta)}</code>
              </dd>
            </>
          )}
        </dl>
      ) : (
        <p class="muted">The device has no shadow yet; setting a desired state makes one.</p>
      )}
      <form
        class="stacked"
        onSubmit={(event) => {
          event.preventDefault()
          want(new FormData(event.currentTarget))
        }}
      >
        <Field label="Desired state" hint="JSON; what it names is changed, null removes.">
          <input name="desired" required autocomplete="off" />
        </Field>
        <button type="submit" disabled={action.busy}>
          Set
        </button>
      </form>
    </div>
  )
}
