import { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { Tracer } from '@aws-lambda-powertools/tracer'
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware'
// oxlint-disable-next-line import/no-named-as-default -- its types have the default export only
import middy from '@middy/core'
import type { Context } from 'aws-lambda'

export interface Tools {
  logger: Logger
  metrics: Metrics
  tracer: Tracer
}

/**
 * A handler whose log lines carry its request, whose metrics are written once it is done, and whose calls to AWS are
 * traced. Name and namespace come from the environment that the construct gives.
 */
export function observed<Event, Answer>(
  compose: (tools: Tools) => (event: Event, context: Context) => Promise<Answer>,
): (event: Event, context: Context) => Promise<Answer> {
  const tools: Tools = { logger: new Logger(), metrics: new Metrics(), tracer: new Tracer() }
  const handle = compose(tools)
  // Powertools' own middleware warns of every invocation that has nothing to report.
  const publish = (): void => {
    if (tools.metrics.hasStoredMetrics()) tools.metrics.publishStoredMetrics()
  }
  return (
    middy<Event, Answer>()
      .use(injectLambdaContext(tools.logger, { resetKeys: true }))
      // An answer may be a page of readings: what a trace needs is the time, not the body.
      .use(captureLambdaHandler(tools.tracer, { captureResponse: false }))
      .use({ after: publish, onError: publish })
      .handler(handle)
  )
}
