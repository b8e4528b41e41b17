import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { dynamoErasures } from '../../src/adapters/aws/dynamo/dynamo-erasures.ts'
import { progressOf } from '../../src/adapters/aws/dynamo/erasure-item.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import { ApiProblem } from '../../src/api/problem.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { DeviceDirectory } from '../../src/ports/device-directory.ts'
import type { Erasures } from '../../src/ports/erasures.ts'

export interface AwsErasuresParts {
  dynamo: Dynamo
  env: { ERASURES_TABLE: string; ERASE_FUNCTION: string }
  lambda: Pick<LambdaClient, 'send'>
  clock: Pick<Clock, 'now'>
}

/**
 * Longer than anything of before can take to arrive: twelve hours that a record may wait in its trade's stream, as long
 * again what was made of it in the output stream (lib/constructs/stream-source.ts, maxRecordAge), and an hour for the
 * functions that are at it.
 */
const SETTLES_AFTER_MS = 25 * 3_600_000

/** Erasures by the function that is there for it. */
export function awsErasures({ dynamo, env, lambda, clock }: AwsErasuresParts): Erasures {
  const erasures = dynamoErasures(dynamo, env.ERASURES_TABLE)
  return {
    begin: async (thing) => {
      const erasure = await erasures.begin(thing, clock.now(), clock.now() + SETTLES_AFTER_MS)
      try {
        await lambda.send(new InvokeCommand({ FunctionName: env.ERASE_FUNCTION, InvocationType: 'Event', Payload: '{}' })) // prettier-ignore
      } catch {
        // Its schedule finds it within five minutes.
      }
      return progressOf(erasure, 0)
    },
    of: erasures.of,
  }
}

/** Devices that are being erased cannot come back before they are gone: the second pass would take them for what was before. */
export function withoutErased(devices: DeviceDirectory, { dynamo, env }: Pick<AwsErasuresParts, 'dynamo' | 'env'>): DeviceDirectory {
  const { underWay } = dynamoErasures(dynamo, env.ERASURES_TABLE)
  const check = async (things: readonly string[]): Promise<void> => {
    const [first] = await underWay(things)
    if (!first) return
    const until = new Date(first.settlesAt).toISOString()
    throw new ApiProblem('being_erased', `${first.thing} is being erased until some time after ${until}: GET /v1/devices/${first.thing}/erasure says how far it is`) // prettier-ignore
  }
  return {
    ...devices,
    put: async (device, by) => {
      await check([device.thing])
      return devices.put(device, by)
    },
    putMany: async (many, by) => {
      await check(many.map(({ thing }) => thing))
      return devices.putMany(many, by)
    },
  }
} // prettier-ignore
