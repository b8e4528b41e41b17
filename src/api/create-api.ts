// One router that tries pattern by pattern: the others would be 6 kB of every cold start, and a match is microseconds.
import { Hono } from 'hono/tiny'
import { bodyLimit } from 'hono/body-limit'
import { getPath } from 'hono/utils/url'
import type { ProviderSignIn } from '../ports/page-config.ts'
import type { ApiPorts } from './ports.ts'
import type { EndpointList } from './common-endpoints.ts'
import { mountElsewhere, servedHere, type Elsewhere } from './elsewhere.ts'
import { routingPath, type CallPorts, type Endpoint } from './endpoint.ts'
import { encodeAlarmId } from './routes/alarms.ts'
import { apiLimits } from './limits.ts'
import { liveHub } from './live-hub.ts'
import { openApiDocument } from './openapi.ts'
import { servePageFiles, type PageFolder } from './page-files.ts'
import { ApiProblem, problemResponse } from './problem.ts'
import { serveStaticFiles } from './static-files.ts'
import { securityHeaders } from './security-headers.ts'

export interface ApiOptions<Ports = ApiPorts> {
  version: string
  /** What this runtime serves. */
  endpoints: EndpointList<Ports>
  /** What of it, or beyond it, others do here. */
  elsewhere?: Elsewhere
  /** Told of every error that became a 500. */
  onError?: (error: unknown) => void
  /** Lets a scraper read /metrics without a token; for a listener on loopback only. */
  openMetrics?: boolean
  /** Silence after which a live stream shows that it lives. */
  heartbeatMs?: number
  /** The web page, where this installation serves it by itself. */
  page?: PageFolder
  /** Where people sign in for that page besides by the API's own tokens. */
  signIn?: () => Promise<ProviderSignIn | null>
}

/** The REST API over these ports: the same app on the box and on Lambda. */
export function createApi<Ports extends CallPorts & Pick<ApiPorts, 'live'>>(
  ports: Ports,
  options: ApiOptions<Ports>,
): Hono {
  // prettier-ignore
  const hub = liveHub(ports)
  const { openMetrics = false, heartbeatMs = 15_000, elsewhere = {} } = options
  const endpoints = servedHere(options.endpoints(ports, hub, { openMetrics, heartbeatMs }), elsewhere)
  const app = new Hono({ getPath: (request) => encodeAlarmId(getPath(request)) })
  app.use(securityHeaders)
  mountElsewhere(app, elsewhere)
  mount(app, endpoints, ports)

  let document: string | undefined
  app.get('/openapi.json', (context) => {
    document ??= JSON.stringify(openApiDocument(endpoints, options.version))
    return context.body(document, 200, { 'content-type': 'application/json' })
  })
  serveStaticFiles(app)
  if (options.page) servePageFiles(app, options.page, options.signIn)
  app.notFound(({ req }) => problemResponse(new ApiProblem('no_such_path', `nothing at ${req.path}`)))
  app.onError((error) => {
    if (error instanceof ApiProblem) return problemResponse(error)
    if (error.name === 'TooMuch') return problemResponse(new ApiProblem('too_much', error.message))
    options.onError?.(error)
    return problemResponse(new ApiProblem('internal_error', 'try again, and tell the operator if it stays'))
  })
  return app
}

function mount(app: Hono, endpoints: readonly Endpoint[], ports: CallPorts): void {
  for (const { contract, respond } of endpoints)
    app.on(
      contract.method,
      routingPath(contract.path),
      limitBody(contract.bodyBytes ?? apiLimits.bodyBytes),
      async (context) => respond(context, ports),
    )
  const byPath = Map.groupBy(endpoints, ({ contract }) => contract.path)
  for (const [path, group] of byPath) {
    const allow = group.map(({ contract }) => contract.method.toUpperCase()).join(', ')
    app.all(routingPath(path), ({ req }) => {
      throw new ApiProblem('wrong_method', `${req.method} is not one of ${allow}`, [], { allow })
    })
  }
}

const limitBody = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new ApiProblem('body_too_large', `at most ${maxSize} bytes`)
    },
  })
