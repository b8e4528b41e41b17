import { Option, type Command } from 'commander'
import type { WorkOrder } from '../core/maintenance/work-order.ts'
import { inPath, openApi } from './support/api-client.ts'
import { moment, withBoxOptions, wholeNumber, type BoxOptionValues } from './support/options.ts'
import { isoTime, oneLine, present, table } from './support/output.ts'

interface ListOptions extends BoxOptionValues {
  thing?: string
  status?: WorkOrder['status']
  limit: number
}

/** `orders`: what mechanics are to do, and what they found. */
export function orders(program: Command): void {
  const group = program.command('orders').description('work orders of machines, and what was found')
  withBoxOptions(group.command('list', { isDefault: true }).description('work orders, ascending by id'))
    .option('--thing <thing>', 'of one machine')
    .addOption(new Option('--status <status>').choices(['open', 'inProgress', 'done', 'cancelled']))
    .option('--limit <number>', 'at most this many', wholeNumber(1, 1000), 100)
    .action(list)
  withBoxOptions(group.command('report <thing>').description('a failure that nothing foretold, or a doubt'))
    .requiredOption('--what <text>', 'what was seen')
    .option('--mode <mode>', 'failure mode, if it is known (see /v1/maintenance/modes)')
    .option('--at <time>', 'when it failed or was seen (default: now)', moment(Date.now))
    .action(report)
  withBoxOptions(group.command('start <id>').description('work has begun')).action(
    async (id: string, options: BoxOptionValues) => step(id, { kind: 'start' }, options),
  )
  withBoxOptions(group.command('complete <id>').description('work is done; what was found becomes a label'))
    .addOption(
      new Option('--finding <finding>', 'the failure was there, was coming, or nothing was wrong')
        .choices(['failed', 'confirmed', 'noFaultFound'])
        .makeOptionMandatory(),
    )
    .option('--mode <mode>', 'the mode that was really found')
    .option('--comment <text>')
    .action(complete)
  withBoxOptions(group.command('cancel <id>').description('nothing will be done; teaches nothing'))
    .requiredOption('--comment <text>', 'why')
    .action(async (id: string, options: BoxOptionValues & { comment: string }) =>
      step(id, { kind: 'cancel', comment: options.comment }, options),
    )
}

async function list({ thing, status, limit, ...box }: ListOptions): Promise<void> {
  const { items } = await openApi(box).get<{ items: WorkOrder[] }>('/v1/maintenance/orders', {
    thing,
    status,
    limit,
  })
  present(box.json, { items }, () =>
    items.length === 0
      ? 'no work orders'
      : table(
          ['id', 'status', 'due', 'probability', 'action', 'found'],
          items.map((o) => [o.id, o.status, isoTime(o.dueAt), o.failureProbability?.toFixed(2), oneLine(o.action, 60), o.finding]), // prettier-ignore
        ),
  )
}

async function report(
  thing: string,
  { what, mode, at, ...box }: BoxOptionValues & { what: string; mode?: string; at?: number },
): Promise<void> {
  const order = await openApi(box).send<WorkOrder>('POST', '/v1/maintenance/orders', { thing, what, mode, at }) // prettier-ignore
  present(box.json, order, () => `work order ${order.id} is open`)
}

async function complete(
  id: string,
  { finding, mode, comment, ...box }: BoxOptionValues & { finding: string; mode?: string; comment?: string },
): Promise<void> {
  await step(id, { kind: 'complete', finding, foundMode: mode, comment }, box)
}

async function step(id: string, body: object, options: BoxOptionValues): Promise<void> {
  const order = await openApi(options).send<WorkOrder>('POST', `/v1/maintenance/orders/${inPath(id)}`, body)
  present(options.json, order, () => `work order ${order.id} is ${order.status}`)
}
