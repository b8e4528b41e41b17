import { mkdirSync } from 'node:fs'
import { InvalidArgumentError, type Command } from 'commander'
import type { Device, DeviceStatus } from '../core/device/profile.ts'
import { isTrade } from '../core/telemetry/topic.ts'
import type { DeviceCredential } from '../ports/device-credentials.ts'
import { CliFailure } from './exit-codes.ts'
import { inPath, openApi, type ApiClient } from './support/api-client.ts'
import { issueIdentity, writeIdentity } from './support/certificates.ts'
import { withBoxOptions, wholeNumber, type BoxOptionValues } from './support/options.ts'
import { isoTime, present, table } from './support/output.ts'
import { ensureType, tradeOf } from './support/registration.ts'
import { readTypeFile } from './support/type-file.ts'

interface ListOptions extends BoxOptionValues {
  trade?: string
  site?: string
  status?: DeviceStatus
  text?: string
  limit: number
}

interface AddOptions extends BoxOptionValues {
  type: string
  trade?: string
  site?: string
  gateway?: string
  attribute: Record<string, string>
  typeFile?: string
}

const pathOf = (thing: string): string => `/v1/devices/${inPath(thing)}`

export function devices(program: Command): void {
  const group = program.command('devices').description('the registry: devices and their certificates')
  withBoxOptions(group.command('list').description('devices, ascending by name'))
    .option('--trade <trade>', 'of one trade')
    .option('--site <site>', 'at one site')
    .option('--status <status>', 'active, suspended or retired')
    .option('--text <part>', 'part of a name, type, site or attribute')
    .option('--limit <number>', 'at most this many', wholeNumber(1, 1_000_000), 1000)
    .action(list)
  withBoxOptions(group.command('show <thing>').description('one device with its certificates')).action(show)
  withBoxOptions(group.command('add <thing>').description('register a device, or replace what is registered'))
    .requiredOption('--type <type>', 'its type; must exist unless --type-file is given')
    .option('--trade <trade>', 'plant, fleet or building (default: that of its type)')
    .option('--site <site>', 'where it is')
    .option('--gateway <thing>', 'the device that speaks for it')
    .option('--attribute <name=value>', 'may be given more than once', attribute, {})
    .option('--type-file <file>', 'JSON of the type, added if it is missing (see examples/types)')
    .action(add)
  withBoxOptions(
    group
      .command('status <thing> <status>')
      .description('active, suspended (connections are cut) or retired (certificates are revoked as well)'),
  ).action(setStatus)
  withBoxOptions(group.command('remove <thing>').description('forget a device; what it sent stays')).action(
    remove,
  )
  withBoxOptions(group.command('revoke <thing>').description('revoke all its certificates and cut its connections')) // prettier-ignore
    .option('--fingerprint <sha256>', 'this certificate only')
    .action(revoke)
  const credential = group.command('credential').description('certificates of one device')
  withBoxOptions(credential.command('list <thing>').description('its certificates, newest first')).action(listCredentials) // prettier-ignore
  withBoxOptions(
    credential.command('issue <thing>').description('a new certificate, its key given this once'),
  )
    .requiredOption('--out <dir>', 'folder for <thing>.cert.pem, <thing>.key.pem and ca.pem')
    .action(issue)
}

function attribute(given: string, before: Record<string, string>): Record<string, string> {
  const at = given.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('write name=value')
  return { ...before, [given.slice(0, at)]: given.slice(at + 1) }
}

async function list({ trade, site, status, text, limit, ...box }: ListOptions): Promise<void> {
  const found: Device[] = []
  const pages = openApi(box).pages<Device>('/v1/devices', { trade, site, status, text, limit: Math.min(limit, 1000) }) // prettier-ignore
  for await (const page of pages) {
    found.push(...page)
    if (found.length >= limit) break
  }
  const items = found.slice(0, limit)
  present(
    box.json,
    { items, more: found.length > limit },
    () =>
    items.length === 0
      ? 'no devices; telltale devices add registers one'
      : table(['thing', 'trade', 'type', 'site', 'status'], items.map((d) => [d.thing, d.trade, d.type, d.site, d.status])), // prettier-ignore
  )
}

async function deviceOf(api: ApiClient, thing: string): Promise<Device> {
  const device = await api.find<Device>(pathOf(thing))
  if (!device) throw new CliFailure('failed', `there is no device ${thing}`)
  return device
}

const credentialsOf = async (api: ApiClient, thing: string): Promise<DeviceCredential[]> =>
  (await api.get<{ items: DeviceCredential[] }>(`${pathOf(thing)}/credentials`)).items

async function show(thing: string, options: BoxOptionValues): Promise<void> {
  const api = openApi(options)
  const device = await deviceOf(api, thing)
  const credentials = await credentialsOf(api, thing)
  present(options.json, { ...device, credentials }, () =>
    [JSON.stringify(device, null, 2), credentialTable(credentials)].join('\n'),
  )
}

const credentialTable = (credentials: readonly DeviceCredential[]): string =>
  credentials.length === 0
    ? 'no certificates; telltale devices credential issue makes one'
    : table(['fingerprint', 'status', 'expires'], credentials.map((c) => [c.fingerprint, c.status, isoTime(c.notAfter)])) // prettier-ignore

async function add(thing: string, options: AddOptions): Promise<void> {
  const { type, site, gateway, attribute: attributes, typeFile } = options
  if (options.trade !== undefined && !isTrade(options.trade))
    throw new CliFailure('usage', `${options.trade} is no trade; known are plant, fleet, building`)
  const api = openApi(options)
  if (typeFile !== undefined) await ensureType(api, type, readTypeFile(typeFile))
  const trade = options.trade ?? (await tradeOf(api, type))
  const body = { trade, type, site, gateway, attributes }
  const changed = await api.send<{ device: Device; effectiveFrom: number }>('PUT', pathOf(thing), body)
  present(options.json, changed, () => `${thing} is registered as a ${trade} device of type ${type}`)
}

async function setStatus(thing: string, status: string, options: BoxOptionValues): Promise<void> {
  const api = openApi(options)
  const { thing: name, ...registered } = await api.get<Device>(pathOf(thing))
  const changed = await api.send<{ device: Device }>('PUT', pathOf(name), { ...registered, status })
  present(options.json, changed, () => `${name} is ${changed.device.status}`)
}

async function remove(thing: string, options: BoxOptionValues): Promise<void> {
  await openApi(options).send('DELETE', pathOf(thing))
  present(options.json, { thing, removed: true }, () => `${thing} is forgotten; what it sent stays`)
}

async function revoke(thing: string, options: BoxOptionValues & { fingerprint?: string }): Promise<void> {
  const api = openApi(options)
  const active = (await credentialsOf(api, thing)).filter((c) => c.status === 'active')
  const chosen = options.fingerprint === undefined ? active.map((c) => c.fingerprint) : [options.fingerprint]
  const revoked: DeviceCredential[] = []
  for (const fingerprint of chosen)
    revoked.push(await api.send<DeviceCredential>('DELETE', `${pathOf(thing)}/credentials/${inPath(fingerprint)}`)) // prettier-ignore
  present(options.json, { thing, revoked }, () =>
    revoked.length === 0
      ? `${thing} has no active certificate`
      : `revoked ${revoked.length} of ${thing}; its connections are cut`,
  )
}

async function listCredentials(thing: string, options: BoxOptionValues): Promise<void> {
  const items = await credentialsOf(openApi(options), thing)
  present(options.json, { items }, () => credentialTable(items))
}

async function issue(thing: string, options: BoxOptionValues & { out: string }): Promise<void> {
  const { identity, endpoint, fingerprint } = await issueIdentity(openApi(options), thing)
  mkdirSync(options.out, { recursive: true, mode: 0o700 })
  writeIdentity(options.out, identity)
  present(options.json, { thing, endpoint, fingerprint, folder: options.out }, () =>
    [
      `${thing} connects to ${endpoint} with ${thing}.cert.pem, ${thing}.key.pem and ca.pem in ${options.out}`,
      `fingerprint ${fingerprint}; the key is nowhere else`,
    ].join('\n'),
  )
}
