import * as z from 'zod'
import { limits } from '../../core/telemetry/limits.ts'
import { seesSite, visibleDevice } from '../auth.ts'
import { historyOf } from '../history-of.ts'
import { endpoint, json } from '../endpoint.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { hasChildren } from './register-devices.ts'
import { epochMs, thingParams } from '../schemas.ts'

const erasure = z
  .object({
    state: z.enum(['erasing', 'settling', 'erased']).meta({ description: 'erasing: what is stored is being removed. settling: it is; what may still be on its way is awaited, and removed by a second pass. erased: nothing is left.' }), // prettier-ignore
    requestedAt: epochMs,
    settlesAt: epochMs.meta({ description: 'When the second pass begins.' }),
    finishedAt: epochMs.nullable(),
    items: z.int().meta({ description: 'Items of tables that were removed.' }),
    files: z.int().meta({ description: 'Archived files and documents that were rewritten or removed.' }),
    waiting: z.int().meta({ description: 'Buckets of the lake’s days still to be looked through.' }),
    hotStoreForgetsAt: epochMs.nullable().meta({ description: 'When the hot store forgets by age what it cannot remove; null where it removes it.' }), // prettier-ignore
  })
  .meta({ id: 'Erasure' })

/** What is done to stored readings as a whole: brought in, erased. */
export const storedData = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'importReadings',
      method: 'post',
      path: '/v1/devices/{thing}/readings',
      tag: 'history',
      summary: 'Bring in readings of the past',
      description:
        'The body is a message of the native wire format. It goes the way of buffered history: stored and rolled up, raising nothing. The same readings twice change nothing.',
      role: 'operator',
      params: thingParams,
      body: z.looseObject({ measures: z.record(z.string(), z.unknown()) }),
      answers: [
        { status: 202, description: 'Durable and on its way', schema: z.object({ position: z.string() }) },
      ],
      problems: ['no_such_device'],
    },
    async ({ params: { thing }, body, principal }) => {
      const device = await visibleDevice(principal, ports, thing)
      const payload = Buffer.from(JSON.stringify(body))
      if (payload.length > limits.payloadBytes)
        throw new ApiProblem('bad_body', `a message has at most ${limits.payloadBytes} bytes; split it`)
      const { trade, gateway } = device
      const position = await ports.submit({
        topic:
          gateway === undefined
            ? `dt/${trade}/${thing}/backfill`
            : `dt/${trade}/${gateway}/backfill/${thing}`,
        client: gateway ?? thing,
        receivedAt: ports.clock.now(),
        payload,
      })
      return { position: String(position) }
    },
  ),
  endpoint(
    {
      id: 'eraseDeviceData',
      method: 'delete',
      path: '/v1/devices/{thing}/data',
      tag: 'history',
      summary: 'Erase a device and everything stored of it, in every tier',
      description:
        'Registration, readings, windows, roll-ups, alarms, quarantined and archived messages. The audit log keeps that it happened. Cannot be undone; backups that were made before still hold it.',
      role: 'admin',
      params: thingParams,
      answers: [
        { status: 200, description: 'Erased', schema: z.object({ rows: z.int(), files: z.int() }) },
        {
          status: 202,
          description: 'It goes on in the background; Location says where to ask',
          schema: erasure,
        },
      ],
      problems: ['no_such_device', 'device_in_use', 'no_history'],
    },
    async ({ params: { thing }, principal }) => {
      const device = await ports.devices.get(thing)
      if (device ? !seesSite(principal, device.site) : principal.sites !== null)
        throw new ApiProblem('no_such_device', `there is no device ${thing}`)
      const { erase, erasures } = historyOf(ports)
      if (!erase && !erasures) throw new ApiProblem('no_history', 'nothing is erased here')
      if (device && (await hasChildren(ports.devices, thing)))
        throw new ApiProblem(
          'device_in_use',
          `${thing} is the gateway of other devices, whose messages would go with it`,
        )
      if (device) await ports.devices.remove(thing, principal.name)
      const done = erasures ? await erasures.begin(thing) : await erase!(thing)
      if (!device && 'rows' in done && done.rows === 0 && done.files === 0)
        throw new ApiProblem('no_such_device', `there is no device ${thing}, and nothing is stored of it`)
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'device.erase',
        subject: thing,
        detail: JSON.stringify(done),
      })
      if (!erasures) return done
      const answer = json(done, 202)
      answer.headers.set('location', `/v1/devices/${encodeURIComponent(thing)}/erasure`)
      return answer
    },
  ),
  endpoint(
    {
      id: 'getErasure',
      method: 'get',
      path: '/v1/devices/{thing}/erasure',
      tag: 'history',
      summary: 'How far the erasure of a device has come',
      description:
        'Where erasing takes longer than a request. Until it has ended the name cannot be registered again. What was erased in one request is answered at once and not listed here.',
      role: 'admin',
      params: thingParams,
      answers: [{ status: 200, description: 'As it stands', schema: erasure }],
      problems: ['no_such_erasure', 'wrong_site'],
    },
    async ({ params: { thing }, principal }) => {
      if (principal.sites !== null)
        throw new ApiProblem('wrong_site', 'a device that is gone belongs to no site')
      const found = await ports.history?.erasures?.of(thing)
      if (!found) throw new ApiProblem('no_such_erasure', `no erasure of ${thing} is known`)
      return found
    },
  ),
]
