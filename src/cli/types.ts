import type { Command } from 'commander'
import type { DeviceType } from '../core/device/profile.ts'
import { inPath, openApi } from './support/api-client.ts'
import { withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present, table } from './support/output.ts'
import { readTypeFile } from './support/type-file.ts'

/** `telltale types`: what devices of a kind measure, between which limits, and which rules come with them. */
export function types(program: Command): void {
  const group = program.command('types').description('device types: measures, limits, rules; with versions')
  withBoxOptions(group.command('list').description('all types, ascending by name')).action(list)
  withBoxOptions(group.command('show <name>').description('the newest version of a type, as JSON; all versions with --versions')) // prettier-ignore
    .option('--versions', 'every version, oldest first')
    .action(show)
  withBoxOptions(group.command('put <name> <file>').description('add a type or its next version, of a JSON file (see examples/types)')).action(put) // prettier-ignore
}

async function list(options: BoxOptionValues): Promise<void> {
  const { items } = await openApi(options).get<{ items: DeviceType[] }>('/v1/types')
  const keys = (of: object | undefined): string => Object.keys(of ?? {}).join(', ') || '–'
  present(options.json, { items }, () =>
    items.length === 0
      ? 'no types; telltale types put adds one'
      : table(
          ['type', 'trade', 'version', 'measures', 'rules', 'actuators'],
          items.map((t) => [t.name, t.trade, String(t.version), keys(t.measures), keys(t.rules), keys(t.actuators)]), // prettier-ignore
        ),
  )
}

async function show(name: string, options: BoxOptionValues & { versions?: boolean }): Promise<void> {
  const { items } = await openApi(options).get<{ items: DeviceType[] }>(`/v1/types/${inPath(name)}/versions`)
  const shown = options.versions === true ? { items } : items.at(-1)
  present(options.json, shown, () => JSON.stringify(shown, null, 2))
}

async function put(name: string, file: string, options: BoxOptionValues): Promise<void> {
  const path = `/v1/types/${inPath(name)}`
  const change = await openApi(options).send<{ type: DeviceType }>('PUT', path, readTypeFile(file))
  const { trade, version } = change.type
  present(options.json, change, () => `${name} is version ${version}, of trade ${trade}; it holds for what is received from now on`) // prettier-ignore
}
