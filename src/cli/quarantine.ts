import { readFileSync } from 'node:fs'
import { Option, type Command } from 'commander'
import { problemCodes } from '../api/problem-codes.ts'
import { reasons } from '../core/telemetry/errors.ts'
import type { QuarantineEntry } from '../ports/quarantine.ts'
import { CliFailure } from './exit-codes.ts'
import { inPath, openApi } from './support/api-client.ts'
import { withBoxOptions, wholeNumber, type BoxOptionValues } from './support/options.ts'
import { isoTime, oneLine, present, table } from './support/output.ts'
import { progress } from './support/progress.ts'

interface ManyOptions extends BoxOptionValues {
  all?: boolean
  reason?: string
  client?: string
}

interface FixOptions extends ManyOptions {
  payload?: string
  payloadFile?: string
  topic?: string
}

/** Entries that are dealt with at once. */
const AT_ONCE = 16

interface ListOptions extends BoxOptionValues {
  status: string
  reason?: string
  client?: string
  limit: number
}

type Summary = Omit<QuarantineEntry, 'payload'> & { sizeBytes: number }
type Entry = Summary & { payload: string | null; payloadBase64: string }

const pathOf = (id: string): string => `/v1/quarantine/${inPath(id)}`

export function quarantine(program: Command): void {
  const group = program.command('quarantine').description('messages that were refused: look, fix, send again')
  withBoxOptions(group.command('list').description('refused messages'))
    .addOption(
      new Option('--status <status>', 'how they stand')
        .choices(['open', 'replayed', 'discarded', 'all'])
        .default('open'),
    )
    .addOption(reasonOption())
    .option('--client <thing>', 'from one sender')
    .option('--limit <number>', 'at most this many', wholeNumber(1, 1_000_000), 100)
    .action(list)
  withBoxOptions(group.command('show <id>').description('one of them with its payload')).action(show)
  const replaying = group
    .command('replay [id]')
    .description('send one again, as it was or fixed, or all that are open')
  withMany(withBoxOptions(replaying))
    .option('--payload <text>', 'the fixed payload')
    .option('--payload-file <file>', 'the fixed payload, from a file')
    .option('--topic <topic>', 'the fixed topic')
    .action(replay)
  const discarding = group.command('discard [id]').description('close one without sending it again, or all')
  withMany(withBoxOptions(discarding)).action(discard)
}

async function list({ status, reason, client, limit, ...box }: ListOptions): Promise<void> {
  const found: Summary[] = []
  const query = { status, reason, client, limit: Math.min(limit, 1000) }
  for await (const page of openApi(box).pages<Summary>('/v1/quarantine', query)) {
    found.push(...page)
    if (found.length >= limit) break
  }
  const items = found.slice(0, limit)
  present(box.json, { items, more: found.length > limit }, () =>
    items.length === 0
      ? 'nothing is quarantined'
      : table(
          ['id', 'received', 'client', 'reason', 'bytes', 'detail'],
          items.map((e) => [
            e.id,
            isoTime(e.receivedAt),
            e.client,
            e.reason,
            e.sizeBytes,
            oneLine(e.detail, 80),
          ]),
        ),
  )
}

async function show(id: string, options: BoxOptionValues): Promise<void> {
  const entry = await openApi(options).get<Entry>(pathOf(id))
  present(options.json, entry, () =>
    [
      `${entry.id}  ${entry.status}  ${entry.reason}: ${entry.detail}`,
      `${entry.topic} from ${entry.client}, received ${isoTime(entry.receivedAt)}, ${entry.sizeBytes} bytes`,
      entry.payload ?? `base64: ${entry.payloadBase64}`,
    ].join('\n'),
  )
}

async function replay(id: string | undefined, options: FixOptions): Promise<void> {
  const { payload, payloadFile, topic, all } = options
  if (payload !== undefined && payloadFile !== undefined)
    throw new CliFailure('usage', 'give --payload or --payload-file, not both')
  const fixed = payload !== undefined || payloadFile !== undefined || topic !== undefined
  if (all === true && fixed) throw new CliFailure('usage', 'a fix is for one message; give its id')
  const body = {
    ...(payloadFile === undefined ? { payload } : { payloadBase64: contentOf(payloadFile) }),
    topic,
  }
  if (id === undefined || all === true) {
    await forAll(id, options, 'replay', 'sent again; what is refused again is a new entry')
    return
  }
  const done = await openApi(options).send<{ position: string }>('POST', `${pathOf(id)}/replay`, body)
  present(
    options.json,
    done,
    () => `sent again as ${done.position}; if it is refused again, that is its new id`,
  )
}

function contentOf(file: string): string {
  try {
    return readFileSync(file).toString('base64')
  } catch (error) {
    throw new CliFailure('badInput', (error as Error).message)
  }
}

async function discard(id: string | undefined, options: ManyOptions): Promise<void> {
  if (id === undefined || options.all === true) {
    await forAll(id, options, 'discard', 'closed')
    return
  }
  await openApi(options).send('POST', `${pathOf(id)}/discard`, {})
  present(options.json, { id, status: 'discarded' }, () => `${id} is closed`)
}

/** Every open entry of a reason and a sender, newest first. Someone else may deal with some meanwhile. */
async function forAll(
  id: string | undefined,
  { all, reason, client, ...box }: ManyOptions,
  verb: 'replay' | 'discard',
  said: string,
): Promise<void> {
  if (all !== true || id !== undefined)
    throw new CliFailure('usage', `give the id of one message, or --all to ${verb} all`)
  const api = openApi(box)
  const bar = progress()
  let done = 0
  for await (const page of api.pages<Summary>('/v1/quarantine', {
    status: 'open',
    reason,
    client,
    limit: 1000,
  }))
    for (let i = 0; i < page.length; i += AT_ONCE) {
      const some = page.slice(i, i + AT_ONCE)
      await Promise.all(
        some.map((entry) => api.send('POST', `${pathOf(entry.id)}/${verb}`, {}).catch(unlessHandled)),
      )
      bar.show(`${(done += some.length)} ${said}`)
    }
  bar.done()
  present(box.json, { [verb === 'replay' ? 'replayed' : 'discarded']: done }, () => `${done} ${said}`)
}

function unlessHandled(error: Error): void {
  if (!error.message.includes(problemCodes.already_handled.title)) throw error
}

const reasonOption = (): Option =>
  new Option('--reason <code>', 'of one reason (docs/errors.md)').choices(Object.keys(reasons))

const withMany = (command: Command): Command =>
  command
    .option('--all', 'every open one, instead of one by its id')
    .addOption(reasonOption())
    .option('--client <thing>', 'with --all: from one sender')
