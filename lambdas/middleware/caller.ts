import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { Principal } from '../../src/api/ports.ts'
import { principalOf, type Claims } from './principal.ts'

/** Where machines ask (lib/constructs/machine-path.ts). */
const MACHINE_PATH = /^\/machine(\/.*)$/

/**
 * Who asks. People were verified by API Gateway, the event carries what their token says. A machine’s token has been
 * looked at by an authorizer whose word is kept for minutes, so it is looked up again.
 */
export function callerOf(tokens: { authenticate(token: string): Promise<Principal | null> }) {
  // AWS: an instance of a function handles one request at a time.
  let claims: Claims | null = null
  return {
    authenticate: async (token: string): Promise<Principal | null> =>
      claims ? principalOf(claims) : tokens.authenticate(token),
    /** The request that an event is, with the path that the API knows. */
    requestOf: (event: APIGatewayProxyEvent): APIGatewayProxyEvent => {
      const path = MACHINE_PATH.exec(event.path)?.[1]
      claims = path === undefined ? ((event.requestContext.authorizer?.['claims'] ?? {}) as Claims) : null
      return path === undefined ? event : { ...event, path }
    },
  }
}
