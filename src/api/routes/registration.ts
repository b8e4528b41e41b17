import * as z from 'zod'
import { parseDeviceCsv, type CsvFault } from '../../core/device/device-csv.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts } from '../ports.ts'
import { deviceInputSchema, thingName } from '../schemas.ts'
import { registerDevices, type GivenDevice } from './register-devices.ts'

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
      const readable: { line: number; device: GivenDevice }[] = []
      for (const { line, thing, device: given } of rows) {
        const device = deviceOf(thing, given)
        if (typeof device === 'string') errors.push({ line, thing: thing.slice(0, 128), message: device })
        else readable.push({ line, device })
      }
      const devices = readable.map(({ device }) => device)
      const outcomes = await registerDevices(ports, principal, devices, { dryRun })
      const counts = { registered: 0, replaced: 0, unchanged: 0 }
      for (const [i, outcome] of outcomes.entries()) {
        const { line, device } = readable[i]!
        if (outcome.kind === 'refused')
          errors.push({ line, thing: device.thing, message: outcome.problem.message }) // prettier-ignore
        else counts[outcome.kind]++
      }
      return { ...counts, errors: errors.sort((a, b) => a.line - b.line) }
    },
  ),
]

/** The device that a row describes, or what is wrong with it. */
function deviceOf(thing: string, given: Record<string, unknown>): GivenDevice | string {
  const name = thingName.safeParse(thing)
  const parsed = deviceInputSchema.safeParse(given)
  if (name.success && parsed.success) return { ...parsed.data, thing }
  const issue = (name.error ?? parsed.error)!.issues[0]!
  return `${name.success ? issue.path.join('.') : 'thing'}: ${issue.message}`
}
