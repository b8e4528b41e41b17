import type { MiddlewareHandler } from 'hono'

/** Only what this origin serves, in no frame; the API's answers are never cached and never guessed at. */
export const contentSecurityPolicy =
  "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"

export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next()
  const { headers } = context.res
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('cross-origin-resource-policy', 'same-origin')
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', contentSecurityPolicy)
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
}
