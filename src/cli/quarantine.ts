import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { QuarantineEntry } from '../ports/quarantine.ts'
import { CliFailure } from './exit-codes.ts'
import { inPath, openApi } from './support/api-client.ts'
import { withBoxOptions, wholeNumber, type BoxOptionValues } from './support/options.ts'
import { isoTime, oneLine, present, table } from './support/output.ts'

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
    .option('--status <status>', 'open, replayed, discarded or all', 'open')
    .option('--reason <code>', 'of one reason (docs/errors.md)')
    .option('--client <thing>', 'from one sender')
    .option('--limit <number>', 'at most this many', wholeNumber(1, 1_000_000), 100)
    .action(list)
  withBoxOptions(group.command('show <id>').description('one of them with its payload')).action(show)
  withBoxOptions(group.command('replay <id>').description('send it again, as it was or fixed'))
    .option('--payload <text>', 'the fixed payload')
    .option('--payload-file <file>', 'the fixed payload, from a file')
    .action(replay)
  withBoxOptions(group.command('discard <id>').description('close it without sending it again')).action(
    discard,
  )
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

async function replay(
  id: string,
  options: BoxOptionValues & { payload?: string; payloadFile?: string },
): Promise<void> {
  const { payload, payloadFile } = options
  if (payload !== undefined && payloadFile !== undefined)
    throw new CliFailure('usage', 'give --payload or --payload-file, not both')
  const body = payloadFile === undefined ? { payload } : { payloadBase64: contentOf(payloadFile) }
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

async function discard(id: string, options: BoxOptionValues): Promise<void> {
  await openApi(options).send('POST', `${pathOf(id)}/discard`, {})
  present(options.json, { id, status: 'discarded' }, () => `${id} is closed`)
}
