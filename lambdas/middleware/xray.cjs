/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access -- these files of the package have no types */
/**
 * X-Ray's library as far as Powertools' tracer asks for it. The package's own entry point brings samplers, web middleware,
 * SDK 2 and plugins for EC2, ECS and Beanstalk along, none of which a function has a use for.
 */
const { captureAsyncFunc, captureFunc } = require('../../node_modules/aws-xray-sdk-core/dist/lib/capture.js')
const context = require('../../node_modules/aws-xray-sdk-core/dist/lib/context_utils.js')
const { setDaemonAddress } = require('../../node_modules/aws-xray-sdk-core/dist/lib/daemon_config.js')
const lambda = require('../../node_modules/aws-xray-sdk-core/dist/lib/env/aws_lambda.js')
const { setLogger } = require('../../node_modules/aws-xray-sdk-core/dist/lib/logger.js')
const { captureHTTPsGlobal } = require('../../node_modules/aws-xray-sdk-core/dist/lib/patchers/http_p.js')
const Subsegment = require('../../node_modules/aws-xray-sdk-core/dist/lib/segments/attributes/subsegment.js')
const Segment = require('../../node_modules/aws-xray-sdk-core/dist/lib/segments/segment.js')

if (process.env.LAMBDA_TASK_ROOT) lambda.init()

module.exports = {
  captureAsyncFunc,
  captureFunc,
  captureHTTPsGlobal,
  getNamespace: context.getNamespace,
  getSegment: context.getSegment,
  setContextMissingStrategy: context.setContextMissingStrategy,
  setDaemonAddress,
  setLogger,
  setSegment: context.setSegment,
  Segment,
  Subsegment,
}
