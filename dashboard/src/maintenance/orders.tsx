import { useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import { now } from '../data/clock.ts'
import { moment } from '../data/format.ts'
import { linkTo } from '../router.ts'
import { may } from '../session/me.ts'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Empty, Panel, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import type { FailureMode } from './failure-modes.ts'
import { ModeChoice, ReportFailureDialog } from './report-failure-dialog.tsx'
import type { Risk } from './risk.ts'

export interface WorkOrder {
  id: string
  thing: string
  mode: string
  status: 'open' | 'inProgress' | 'done' | 'cancelled'
  openedAt: number
  dueAt: number
  action: string
  by: string | null
  /** Who reported it; null where the platform did. */
  openedBy?: string | null
  finding: string | null
  comment: string | null
}

const statusText = { open: 'open', inProgress: 'in progress', done: 'done', cancelled: 'cancelled' } as const
const findings = [
  ['confirmed', 'The failure was coming'],
  ['failed', 'It had failed already'],
  ['noFaultFound', 'Nothing was wrong'],
] as const

/** Jobs for people. What they found teaches the next model. */
export function Orders(props: {
  orders: readonly WorkOrder[]
  machines: readonly Risk[]
  /** Null where this installation has no table of them. */
  modes: readonly FailureMode[] | null
  onChanged: () => void
}) {
  const { orders, machines, modes, onChanged } = props
  const [reporting, setReporting] = useState(false)
  const [finished, setFinished] = useState<WorkOrder | null>(null)
  const { busy, problem, run } = useAction()
  const move = (order: WorkOrder, step: object): void =>
    run(async () => {
      await call(`/v1/maintenance/orders/${segment(order.id)}`, { method: 'POST', body: step })
      setFinished(null)
      onChanged()
    })
  return (
    <Panel
      title="Work orders"
      actions={
        modes &&
        machines.length > 0 &&
        may('operator') && (
          <button type="button" class="small" onClick={() => setReporting(true)}>
            Report a failure
          </button>
        )
      }
    >
      {problem && !finished && <ProblemNote problem={problem} />}
      {orders.length === 0 ? (
        <Empty title="No work order was opened yet">One opens by itself when a failure becomes likely.</Empty>
      ) : (
        <Table
          label="Work orders"
          items={orders}
          keyOf={({ id }) => id}
          columns={[
            { title: 'Machine', cell: ({ thing }) => <a class="nowrap" href={linkTo(['maintenance', thing])}>{thing}</a> }, // prettier-ignore
            { title: 'What to do', cell: ({ action, openedBy }) => (openedBy ? `${action} (reported by ${openedBy})` : action) }, // prettier-ignore
            {
              title: 'Status',
              cell: ({ status, by }) => `${statusText[status]}${by === null ? '' : `, ${by}`}`,
            },
            { title: 'Due', cell: ({ dueAt, status }) => <span class={dueAt < now() && status === 'open' ? 'severity major' : ''}>{moment(dueAt)}</span>, numeric: true, minor: true }, // prettier-ignore
            {
              title: 'Change',
              card: 'plain',
              cell: (order) =>
                may('operator') && (
                  <span class="buttons">
                    {order.status === 'open' && (
                      <button
                        type="button"
                        class="small"
                        disabled={busy}
                        onClick={() => move(order, { kind: 'start' })}
                      >
                        Start
                      </button>
                    )}
                    {(order.status === 'open' || order.status === 'inProgress') && (
                      <button
                        type="button"
                        class="small"
                        aria-label={`Finish the work on ${order.thing}`}
                        onClick={() => setFinished(order)}
                      >
                        Finish
                      </button>
                    )}
                  </span>
                ),
            },
          ]}
        />
      )}
      {
        reporting && modes &&
        <ReportFailureDialog machines={machines} modes={modes} onClose={() => setReporting(false)} onReported={onChanged} /> // prettier-ignore
      }
      {finished && (
        <FormDialog
          title={`Finish the work on ${finished.thing}`}
          verb="Save"
          busy={busy}
          problem={problem}
          onSubmit={(form) => {
            const [finding, comment] = [textOf(form, 'finding'), textOf(form, 'comment').trim()]
            const foundMode = finding === 'noFaultFound' ? '' : textOf(form, 'foundMode')
            move(
              finished,
              finding === 'cancel'
                  ? { kind: 'cancel', comment: comment || 'not needed' }
                  : { kind: 'complete', finding, ...(foundMode !== '' && { foundMode }), ...(comment !== '' && { comment }) }, // prettier-ignore
            )
          }}
          onClose={() => setFinished(null)}
        >
          <p>{finished.action}</p>
          <Field label="What was found" hint="The next model learns from it.">
            <select name="finding">
              {findings.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
              <option value="cancel">Cancelled, nobody looked</option>
            </select>
          </Field>
          {modes && (
            <Field label="What it was, if it was something else">
              <ModeChoice
                name="foundMode"
                modes={modes.filter(({ machine }) => finished.mode.startsWith(`${machine}.`))}
              />
            </Field>
          )}
          <Field label="Comment">
            <input name="comment" maxLength={1000} />
          </Field>
        </FormDialog>
      )}
    </Panel>
  )
}
