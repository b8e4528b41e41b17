import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Ledger } from './ledger.ts'
import type { BrokerLimits } from './limits.ts'
import type { BrokerOptions } from './options.ts'
import { publishFault } from './rules.ts'
import { permissionsOf, routeOf, type Identity, type Permissions, type Route } from './session.ts'

export interface HttpPublishContext {
  options: BrokerOptions
  limits: BrokerLimits
  ledger: Ledger
  /** Whose connection this is, asked anew on every request; null was refused and audited. */
  identify(socket: TLSSocket): Identity | null
  /** To subscribers, after the journal has it. */
  deliver(route: Route, payload: Buffer, qos: 0 | 1, retain: boolean): Promise<void>
}

interface Answer {
  status: number
  message: string
}

const PREFIX = '/topics/'

/** `POST /topics/<url-encoded topic>?qos=1`, as the data plane of AWS IoT Core: 200 only after the journal has it. */
export function createHttpPublish(context: HttpPublishContext): RequestListener {
  const { options, limits, ledger } = context

  async function publish(request: IncomingMessage): Promise<Answer> {
    const identity = context.identify(request.socket as TLSSocket)
    if (identity === null) return { status: 403, message: 'Forbidden' }
    const target = parseTarget(request)
    if ('status' in target) return target
    const permissions = permissionsOf(identity, identity.thing)
    const payload = await readBody(request, limits.payloadBytes)
    if (payload === null) {
      ledger.refuse(
        'payload_too_large',
        identity.thing,
        target.topic,
        `more than ${limits.payloadBytes} bytes`,
      )
      return { status: 413, message: `the payload exceeds ${limits.payloadBytes} bytes` }
    }
    return take(permissions, target, payload)
  }

  async function take(permissions: Permissions, target: Target, payload: Buffer): Promise<Answer> {
    const { topic, qos, retain } = target
    const { stats } = ledger
    const route = routeOf(permissions, topic, limits)
    const message = { qos, retain, payloadBytes: payload.length }
    const fault = publishFault(permissions, route, message, limits)
    const detail =
      fault?.detail ?? (route.destination === 'reserved' ? 'reserved topics take MQTT only' : null)
    if (detail !== null) {
      ledger.refuse('publish_denied', permissions.identity.thing, topic, detail)
      return { status: 403, message: `Forbidden: ${detail}` }
    }
    if (qos === 0 && options.pressure?.() === true) {
      stats.shed++
      return { status: 503, message: 'the box is under pressure; try again' }
    }
    if (route.destination === 'ingest') {
      const client = permissions.identity.thing
      const error = await new Promise<Error | undefined>((resolve) => {
        options.ingest({ topic: route.topic, client, receivedAt: options.clock.now(), payload }, resolve)
      })
      if (error !== undefined) {
        stats.failed++
        return { status: 503, message: 'the message could not be stored; try again' }
      }
      stats.published++
      stats.publishedBytes += payload.length
    }
    await context.deliver(route, payload, qos, retain)
    return { status: 200, message: 'OK' }
  }

  return (request, response) => {
    publish(request).then(
      (answer) => respond(request, response, answer),
      () => request.destroy(), // the client went away within its body
    )
  }
}

interface Target {
  topic: string
  qos: 0 | 1
  retain: boolean
}

function parseTarget(request: IncomingMessage): Target | Answer {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  if (!path.startsWith(PREFIX)) return { status: 404, message: 'Not Found: POST to /topics/<topic>' }
  if (request.method !== 'POST') return { status: 405, message: 'Method Not Allowed: use POST' }
  const parameters = new URLSearchParams(query)
  const qos = parameters.get('qos') ?? '0'
  if (qos !== '0' && qos !== '1') return { status: 400, message: 'Bad Request: qos must be 0 or 1' }
  try {
    return {
      topic: decodeURIComponent(path.slice(PREFIX.length)),
      qos: qos === '1' ? 1 : 0,
      retain: parameters.get('retain') === 'true',
    }
  } catch {
    return { status: 400, message: 'Bad Request: the topic is not URL-encoded UTF-8' }
  }
}

/** Null as soon as the body is known to be longer than the limit. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return null
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) return null
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

function respond(request: IncomingMessage, response: ServerResponse, { status, message }: Answer): void {
  if (response.destroyed) return
  // A refused body is not read to its end, so the connection cannot carry another request.
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ message, traceId: randomUUID() }))
}
