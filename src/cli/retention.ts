import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { RetentionPolicy } from '../core/retention/retention.ts'
import { CliFailure } from './exit-codes.ts'
import { openApi } from './support/api-client.ts'
import { withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present, table } from './support/output.ts'

interface Kept {
  policy: RetentionPolicy
  due: {
    kind: string
    class: string
    from: number
    until: number
    files: number
    bytes: number | null
    rows: number
  }[]
}

const date = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

/** `retention`: how long what is kept, and what would go. */
export function retention(program: Command): void {
  const group = program.command('retention').description('how long what is kept')
  withBoxOptions(
    group.command('show', { isDefault: true }).description('the policy, and what would go now (dry run)'),
  ).action(show)
  withBoxOptions(group.command('set <file>').description('a new policy, from a JSON file')).action(set)
}

async function show(options: BoxOptionValues): Promise<void> {
  const kept = await openApi(options).get<Kept>('/v1/retention')
  present(options.json, kept, () =>
    [
      table(
        ['class', 'readings', 'windows', 'quarters', 'days', 'measures'],
        kept.policy.classes.map((c) => [
          c.name,
          c.days.readings,
          c.days.windows,
          c.days.quarters,
          c.days.days,
          c.measures.join(' ') || 'all others',
        ]),
      ),
      `warm after ${kept.policy.warmAfterDays} days, cold after ${kept.policy.coldAfterDays}`,
      kept.due.length === 0
        ? 'nothing is due'
        : `due, at most two days' data a day:\n${table(
            ['kind', 'class', 'from', 'before', 'files', 'MB'],
            kept.due.map((d) => [
              d.kind,
              d.class,
              date(d.from),
              date(d.until),
              d.files,
              d.bytes === null ? '–' : Math.round(d.bytes / 1e6),
            ]),
          )}`,
    ].join('\n'),
  )
}

async function set(file: string, options: BoxOptionValues): Promise<void> {
  let policy: unknown
  try {
    policy = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CliFailure('badInput', `${file}: ${(error as Error).message}`)
  }
  await openApi(options).send('PUT', '/v1/retention', policy)
  present(options.json, { set: true }, () => 'the policy holds from now on')
}
