import * as z from 'zod'
import { parseDeviceCsv, type CsvFault } from '../../core/device/device-csv.ts'
import type { Device } from '../../core/device/profile.ts'
import { seesSite } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { deviceInputSchema, thingName } from '../schemas.ts'
import { checkReferences } from './devices.ts'

const outcome = z
  .object({
    registered: z.int(),
    replaced: z.int(),
    unchanged: z.int(),
    errors: z.array(z.object({ line: z.int(), thing: z.string(), message: z.string() })),
  })
  .meta({ id: 'ImportOutcome' })

export const registration = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'importDevices',
      method: 'post',
      path: '/v1/devices/import',
      tag: 'devices',
      summary: 'Register devices from a CSV list',
      description:
        'Every row stands for itself: a faulty one is reported by its line and the others are taken. A list may be sent again after an interruption; what is registered already counts as unchanged. Gateways may stand below their devices.',
      role: 'admin',
      body: z.strictObject({
        csv: z.string().max(250_000),
        dryRun: z.boolean().default(false),
      }),
      answers: [{ status: 200, description: 'What became of each row', schema: outcome }],
    },
    async ({ body: { csv, dryRun }, principal }) => {
      const { rows, faults } = parseDeviceCsv(csv)
      const errors = faults.map((fault: CsvFault) => ({ ...fault, thing: '' }))
      const counts = { registered: 0, replaced: 0, unchanged: 0 }
      // Those without a gateway first, so that a gateway is there when its devices come.
      rows.sort((a, b) => Number('gateway' in a.device) - Number('gateway' in b.device) || a.line - b.line)
      for (const { line, thing, device: given } of rows) {
        try {
          counts[await register(ports, principal, thing, given, dryRun)]++
        } catch (error) {
          if (!(error instanceof ApiProblem)) throw error
          errors.push({ line, thing: thing.slice(0, 128), message: error.message })
        }
      }
      return { ...counts, errors: errors.sort((a, b) => a.line - b.line) }
    },
  ),
]

async function register(
  ports: ApiPorts,
  principal: Principal,
  thing: string,
  given: Record<string, unknown>,
  dryRun: boolean,
): Promise<'registered' | 'replaced' | 'unchanged'> {
  const name = thingName.safeParse(thing)
  const parsed = deviceInputSchema.safeParse(given)
  if (!name.success || !parsed.success) {
    const issue = (name.error ?? parsed.error)!.issues[0]!
    const at = name.success ? issue.path.join('.') : 'thing'
    throw new ApiProblem('bad_body', `${at}: ${issue.message}`)
  }
  const device: Device = { thing, ...parsed.data }
  const before = await ports.devices.get(thing)
  for (const site of before ? [before.site, device.site] : [device.site])
    if (!seesSite(principal, site)) throw new ApiProblem('wrong_site', 'the token is not for this site')
  if (before && canonical(before) === canonical(device)) return 'unchanged'
  await checkReferences(device, ports)
  if (!dryRun) {
    await ports.devices.put(device, principal.name)
    ports.audit.record({
      at: ports.clock.now(),
      actor: principal.name,
      action: before ? 'device.replace' : 'device.register',
      subject: thing,
      detail: JSON.stringify(device),
    })
  }
  return before ? 'replaced' : 'registered'
}

/** The same text for the same device, whatever the order in which its fields were given. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
