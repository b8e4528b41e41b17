import type { Device } from '../../core/device/profile.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { isUnit } from '../../pipeline/decode/units.ts'
import { seesSite } from '../auth.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'

/** A device as somebody writes it down. Whoever says nothing of its status does not put a suspended one into service. */
export type GivenDevice = Omit<Device, 'status'> & { status?: Device['status'] | undefined }

export type Outcome =
  | { kind: 'registered' | 'replaced' | 'unchanged'; device: Device; effectiveFrom: EpochMs }
  | { kind: 'refused'; problem: ApiProblem }

/**
 * Registers devices as one change: each by itself is taken or refused, and gateways may stand anywhere among them. A
 * dry run says the same and changes nothing.
 */
export async function registerDevices(
  ports: ApiPorts,
  principal: Principal,
  given: readonly GivenDevice[],
  { dryRun = false } = {},
): Promise<Outcome[]> {
  const { devices: directory, clock } = ports
  const named = given.flatMap(({ thing, gateway }) => (gateway === undefined ? [thing] : [thing, gateway]))
  const before = await directory.getMany([...new Set(named)])
  const devices = given.map((one): Device => ({ ...one, status: one.status ?? before.get(one.thing)?.status ?? 'active' })) // prettier-ignore
  const types = new Map((await directory.types()).map((type) => [type.name, type.trade]))
  const faults = await Promise.all(devices.map(async (device) => faultOf(device, before, types, principal)))
  await refuseLostGateways(directory, devices, before, faults)

  const isNew = ({ thing }: Device): boolean => !before.has(thing)
  const changed = devices.filter((device, i) => !faults[i] && (isNew(device) || !sameDevice(before.get(device.thing)!, device))) // prettier-ignore
  const { effectiveFrom } = dryRun || changed.length === 0 ? { effectiveFrom: clock.now() } : await directory.putMany(changed, principal.name) // prettier-ignore
  const changes = new Set(changed)
  if (!dryRun) note(ports, principal, changed, isNew)
  return devices.map((device, i): Outcome => {
    const problem = faults[i]
    if (problem) return { kind: 'refused', problem }
    if (!changes.has(device)) return { kind: 'unchanged', device, effectiveFrom }
    return { kind: isNew(device) ? 'registered' : 'replaced', device, effectiveFrom }
  })
}

function note(
  { audit, clock }: ApiPorts,
  { name }: Principal,
  changed: readonly Device[],
  isNew: (device: Device) => boolean,
): void {
  // prettier-ignore
  for (const device of changed)
    audit.record({
      at: clock.now(),
      actor: name,
      action: isNew(device) ? 'device.register' : 'device.replace',
      subject: device.thing,
      detail: JSON.stringify(device),
    })
}

async function faultOf(
  device: Device,
  before: ReadonlyMap<string, Device>,
  types: ReadonlyMap<string, string>,
  principal: Principal,
): Promise<ApiProblem | null> {
  const { thing, trade, type, site } = device
  const known = before.get(thing)
  for (const place of known ? [known.site, site] : [site])
    if (!seesSite(principal, place))
      return new ApiProblem('wrong_site', `the token is not for ${place ?? 'devices without a site'}`)
  if (types.get(type) !== trade)
    return new ApiProblem('unknown_type', `there is no type ${type} in trade ${trade}`)
  const unit = await unknownUnit(device.measures ?? {})
  return unit === null ? null : new ApiProblem('bad_body', `${unit.at}: "${unit.unit}" is no UCUM unit`)
}

/** The first unit that UCUM does not know: readings in it could never be compared. */
export async function unknownUnit(
  measures: NonNullable<Device['measures']>,
): Promise<{ at: string; unit: string } | null> {
  for (const [name, { unit }] of Object.entries(measures))
    if (unit !== undefined && !(await isUnit(unit))) return { at: `measures.${name}.unit`, unit }
  return null
}

/** A gateway is another device of the trade that has no gateway itself; one that is refused takes its children with it. */
async function refuseLostGateways(
  directory: ApiPorts['devices'],
  devices: readonly Device[],
  before: ReadonlyMap<string, Device>,
  faults: (ApiProblem | null)[],
): Promise<void> {
  const coming = new Map(devices.flatMap((device, i) => (faults[i] ? [] : [[device.thing, device] as const])))
  for (let again = true; again;) {
    again = false
    for (const [i, { thing, trade, gateway }] of devices.entries()) {
      if (faults[i] || gateway === undefined) continue
      const found = gateway === thing ? undefined : (coming.get(gateway) ?? before.get(gateway))
      const why =
        found?.trade !== trade
          ? `${gateway} is not another device of trade ${trade}`
          : found.gateway !== undefined
            ? `${gateway} is itself behind ${found.gateway}`
            : before.get(thing)?.gateway === undefined && before.has(thing) && (await hasChildren(directory, thing)) // prettier-ignore
              ? `${thing} is the gateway of others`
              : null
      if (why === null) continue
      faults[i] = new ApiProblem('unknown_gateway', why)
      coming.delete(thing)
      again = true
    }
  }
}

export const hasChildren = async (directory: ApiPorts['devices'], thing: string): Promise<boolean> =>
  (await directory.list({ gateway: thing, limit: 1 })).length > 0

/** The same device, whatever the order in which its fields were given. */
const sameDevice = (a: Device, b: Device): boolean => canonical(a) === canonical(b)
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
