import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { ModelVersion } from '../core/maintenance/model-versions.ts'
import { inPath, openApi } from './support/api-client.ts'
import { readText } from './support/given-data.ts'
import { withBoxOptions, wholeNumber, type BoxOptionValues } from './support/options.ts'
import { isoTime, present, table } from './support/output.ts'

interface Line {
  name: string
  active: number | null
  changedAt: number | null
  versions: ModelVersion[]
}

const version = wholeNumber(1, Number.MAX_SAFE_INTEGER)

/** `models`: versions of the models that judge machines, and which of them scores. */
export function models(program: Command): void {
  const group = program.command('models').description('models of a box: versions, promotion, roll-back')
  withBoxOptions(group.command('list', { isDefault: true }).description('every version, and which scores')).action(list) // prettier-ignore
  withBoxOptions(
    group.command('add <model> <file>').description('a model file as the next version, not promoted'),
  ).action(add)
  withBoxOptions(group.command('get <model> <version>').description('the file of a version'))
    .requiredOption('--out <file>', 'where to write it')
    .action(get)
  withBoxOptions(
    group.command('promote <model> <version>').description('make a version the one that scores'),
  ).action(promote)
  withBoxOptions(
    group.command('rollback <model>').description('go back to the version that scored before'),
  ).action(rollBack)
}

async function list(options: BoxOptionValues): Promise<void> {
  const { items } = await openApi(options).get<{ items: Line[] }>('/v1/models')
  present(options.json, { items }, () => items.map(lineText).join('\n'))
}

function lineText({ name, active, versions }: Line): string {
  if (versions.length === 0) return `${name}: no versions; telltale train makes one`
  const rows = versions.map((of) => [
    of.version === active ? `${of.version} *` : String(of.version),
    isoTime(of.createdAt),
    Object.entries(of.metrics)
      .map(([metric, value]) => `${metric} ${value.toFixed(3)}`)
      .join(', '),
  ])
  return [`${name}: ${active === null ? 'none scores' : `version ${active} scores`}`, table(['version', 'made', 'on unseen machines'], rows)].join('\n') // prettier-ignore
}

async function add(model: string, file: string, options: BoxOptionValues): Promise<void> {
  const text = await readText(file)
  const line = await openApi(options).send<Line>('POST', `${pathOf(model)}/versions`, { file: text })
  present(options.json, line, () => lineText(line))
}

async function get(model: string, which: string, options: BoxOptionValues & { out: string }): Promise<void> {
  const file = await openApi(options).text(`${pathOf(model)}/versions/${version(which)}`)
  await writeFile(options.out, file)
  present(options.json, { model, version: version(which), out: options.out }, () => options.out)
}

async function promote(model: string, which: string, options: BoxOptionValues): Promise<void> {
  const line = await openApi(options).send<Line>('POST', `${pathOf(model)}/promote`, {
    version: version(which),
  })
  present(options.json, line, () => lineText(line))
}

async function rollBack(model: string, options: BoxOptionValues): Promise<void> {
  const line = await openApi(options).send<Line>('POST', `${pathOf(model)}/rollback`)
  present(options.json, line, () => lineText(line))
}

const pathOf = (model: string): string => `/v1/models/${inPath(model)}`
