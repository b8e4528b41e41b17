import { useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import type { QuarantineEntry } from '../api/types.ts'
import { bytes, dateTime } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { linkTo } from '../router.ts'
import { may } from '../session/me.ts'
import { Field, useAction, textOf } from '../ui/form.tsx'
import { Loading, Panel, ProblemNote } from '../ui/parts.tsx'

export function QuarantineDetail(props: { id: string; back: string; onChanged: () => void }) {
  const { id, back, onChanged } = props
  const path = `/v1/quarantine/${segment(id)}`
  const { data, problem, reload } = useData(path, async (signal) => call<QuarantineEntry>(path, { signal }))
  const [done, setDone] = useState('')
  const { busy, problem: failure, run } = useAction()

  const act = (verb: 'replay' | 'discard', body: object): void =>
    run(async () => {
      await call(`${path}/${verb}`, { method: 'POST', body })
      setDone(
        verb === 'replay'
          ? 'Sent again as a new record. If it is refused again, it appears as a new entry.'
          : 'Discarded: it stays searchable, but is not sent again.',
      )
      reload()
      onChanged()
    })
  if (problem) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data)
    return (
      <Panel title="Record">
        <Loading lines={8} />
      </Panel>
    )
  const open = data.status === 'open'
  return (
    <Panel
      title={`Record ${id}`}
      actions={
        <a href={back} aria-label="Close the details">
          ✕
        </a>
      }
    >
      <form
        class="body stacked"
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          const [topic, payload] = [textOf(form, 'topic').trim(), textOf(form, 'payload')]
          act('replay', {
            ...(topic !== data.topic && { topic }),
            ...(data.payload !== null && payload !== data.payload && { payload }),
          })
        }}
      >
        <div class="note problem">
          <b>{data.reason}</b>: {data.detail}
        </div>
        <dl class="facts">
          <dt>Sender</dt>
          <dd>
            <a href={linkTo(['device', data.client])}>{data.client}</a>
          </dd>
          <dt>Received</dt>
          <dd>{dateTime(data.receivedAt)}</dd>
          <dt>Size</dt>
          <dd>{bytes(data.sizeBytes)}</dd>
          <dt>Status</dt>
          <dd>{data.status}</dd>
        </dl>
        <Field label="Topic" hint={open ? 'Still one of the sender’s own.' : ''}>
          <input
            name="topic"
            class="code"
            readOnly={!open}
            required
            defaultValue={data.topic}
            autocomplete="off"
          />
        </Field>
        {data.payload === null ? (
          <Field
            label="Payload, not text, in base64"
            hint="It can be replayed as it is, once what it needs is there."
          >
            <textarea class="code" readOnly value={data.payloadBase64} />
          </Field>
        ) : (
          <Field label="Payload" hint={open ? 'Mend it here, then replay.' : ''}>
            <textarea
              name="payload"
              class="code"
              spellcheck={false}
              readOnly={!open}
              defaultValue={data.payload}
            />
          </Field>
        )}
        {failure && <ProblemNote problem={failure} />}
        {done !== '' && (
          <p class="note" role="status">
            {done}
          </p>
        )}
        {open && may('operator') && (
          <div class="buttons">
            <button type="submit" class="primary" disabled={busy}>
              Replay
            </button>
            <button type="button" disabled={busy} onClick={() => act('discard', {})}>
              Discard
            </button>
          </div>
        )}
      </form>
    </Panel>
  )
}
