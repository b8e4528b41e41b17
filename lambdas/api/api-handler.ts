import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { handle } from 'hono/aws-lambda'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { actuatorOf } from '../../src/core/device/profile.ts'
import { trades } from '../../src/core/telemetry/reading.ts'
import type { Audit } from '../../src/ports/audit.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoDeviceDirectory } from '../../src/adapters/aws/dynamo/dynamo-device-directory.ts'
import { dynamoGroups } from '../../src/adapters/aws/dynamo/dynamo-groups.ts'
import { dynamoQuarantine } from '../../src/adapters/aws/dynamo/dynamo-quarantine.ts'
import { readStates } from '../../src/adapters/aws/dynamo/dynamo-state-store.ts'
import { dynamoTokens } from '../../src/adapters/aws/people/dynamo-tokens.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import { iotCredentialDesk } from '../../src/adapters/aws/iot/iot-credential-desk.ts'
import type { IotCredentials } from '../../src/adapters/aws/iot/iot-credentials.ts'
import type { IotData } from '../../src/adapters/aws/iot/iot-data.ts'
import type { Things } from '../../src/adapters/aws/iot/iot-things.ts'
import type { Kinesis } from '../../src/adapters/aws/kinesis/put-in-order.ts'
import { rawStream } from '../../src/adapters/aws/kinesis/raw-stream.ts'
import { commonEndpoints } from '../../src/api/common-endpoints.ts'
import { createApi } from '../../src/api/create-api.ts'
import type { ApiPorts } from '../../src/api/ports.ts'
import { latestOf } from '../../src/pipeline/latest.ts'
import { tradeLayout } from '../../src/pipeline/trade-layouts.ts'
import { usualBands } from '../../src/pipeline/usual-bands.ts'
import { currentConfiguration, EFFECTIVE_AFTER_MS } from '../middleware/current-configuration.ts'
import { awsCommands } from '../middleware/commands.ts'
import { callerOf } from '../middleware/caller.ts'
import { VERSION } from '../middleware/version.ts'
import { awsDevices, type AwsDevicesParts } from './devices.ts'
import type { Desk } from '../desk/ask.ts'
import { elsewhere } from './elsewhere.ts'
import { handOver, isForBulk } from './hand-over.ts'
import type { parseEnv } from './env.ts'
import { withoutErased } from './erasures.ts'
import { awsFleet } from './fleet.ts'

export interface ApiHandlerParts
  extends Pick<ApiPorts, 'telemetry' | 'clock'>, Required<Pick<ApiPorts, 'history' | 'trades'>> {
  env: Pick<
    ReturnType<typeof parseEnv>,
    | 'TRADE_STREAMS'
    | 'STATE_TABLE'
    | 'GROUPS_TABLE'
    | 'COMMANDS_TABLE'
    | 'RETIREMENTS_TABLE'
    | 'TOKENS_TABLE'
    | 'PRESENCE_TABLE'
    | 'USER_POOL'
    | 'CONFIG_TABLE'
    | 'REGISTRY_TABLE'
    | 'ALARM_TABLE'
    | 'QUARANTINE_TABLE'
    | 'ERASURES_TABLE'
    | 'ERASE_FUNCTION'
  >
  dynamo: Dynamo
  kinesis: Kinesis
  data: IotData
  cognito: AwsDevicesParts['cognito']
  audit: Audit
  things: Things
  credentials: IotCredentials
  desk: Desk
  /** Answers of the function `bulk`. */
  bulk(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult>
  onError(error: unknown): void
}

/** The API as a handler of API Gateway's events. Who asks was verified there; the event carries what the token says. */
export function apiHandler(parts: ApiHandlerParts) {
  const { env, dynamo, kinesis, clock, audit, things, credentials, telemetry, onError } = parts
  const layouts = trades.map(tradeLayout)
  const startedAt = clock.now()
  const tokens = dynamoTokens(dynamo, env.TOKENS_TABLE, clock)
  const caller = callerOf(tokens)
  const config = dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock)
  const groups = dynamoGroups(dynamo, env.GROUPS_TABLE)
  const devices = dynamoDeviceDirectory({
    dynamo,
    table: env.REGISTRY_TABLE,
    config,
    things,
    clock,
    effectiveAfterMs: EFFECTIVE_AFTER_MS,
    membersOf: groups.membersOf,
  })
  const current = currentConfiguration(config, clock)
  const commands = awsCommands({
    dynamo,
    data: parts.data,
    commandsTable: env.COMMANDS_TABLE,
    presenceTable: env.PRESENCE_TABLE,
    clock,
    audit,
    device: devices.get,
    actuator: async ({ thing }, name) =>
      actuatorOf((await current()).profile(thing, clock.now())?.type ?? null, name),
  })
  const ports: ApiPorts = {
    deviceDesk: awsDevices({
      data: parts.data,
      cognito: parts.cognito,
      userPoolId: env.USER_POOL,
      groups,
      commands,
      credentials: iotCredentialDesk({
        dynamo,
        table: env.RETIREMENTS_TABLE,
        credentials,
        clock,
        audit,
      }),
      desk: parts.desk,
      tokens,
    }),
    telemetry,
    history: parts.history,
    trades: parts.trades,
    fleet: awsFleet({
      dynamo,
      stateTable: env.STATE_TABLE,
      telemetry,
      device: (thing) => devices.get(thing),
    }),
    latest: {
      latest: async (wanted) =>
        (await readStates(dynamo, env.STATE_TABLE, wanted, layouts)).map((state) => ({
          thing: state.thing,
          values: latestOf(state),
        })),
    },
    usualBands: async (thing) => {
      const profile = (await current()).profile(thing, clock.now())
      return profile ? usualBands(profile) : []
    },
    alarms: dynamoAlarmBook(dynamo, env.ALARM_TABLE),
    quarantine: dynamoQuarantine(dynamo, env.QUARANTINE_TABLE),
    audit,
    devices: withoutErased(devices, parts),
    credentials,
    clock,
    submit: async (message) => {
      const trade = message.topic.split('/')[1] ?? ''
      const stream = env.TRADE_STREAMS.get(trade)
      if (stream === undefined) throw new Error(`this deployment has no trade ${trade}`)
      const [position] = await rawStream(kinesis, stream)([message])
      return position ?? 0n
    },
    health: () => ({ conditions: [], version: VERSION, startedAt, lastReceivedAt: null, gauges: {} }),
    metrics: () => '',
    live: null,
    authenticate: caller.authenticate,
  }
  const answer = handle(
    createApi(ports, { version: VERSION, endpoints: commonEndpoints, elsewhere, onError }),
  )
  const bulk = handOver(parts.bulk, onError)
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const request = caller.requestOf(event)
    if (isForBulk(request.path)) return bulk(event)
    const result = (await answer(request as never)) as APIGatewayProxyResult
    await audit.flush()
    if (request.path !== '/openapi.json' || result.statusCode !== 200) return result
    // It adds what it serves itself.
    return bulk({ ...event, body: result.body, isBase64Encoded: false })
  }
}
