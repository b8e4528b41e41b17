import {
  CreateThingCommand,
  DeleteThingCommand,
  DetachThingPrincipalCommand,
  ListThingPrincipalsCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import type { Iot } from './iot-credentials.ts'

/** Things of IoT Core, whose type is the trade: policies compare both with the topic. */
export interface Things {
  ensure(thing: string, trade: string): Promise<void>
  /** Takes the thing's certificates out of use and forgets it. */
  remove(thing: string): Promise<void>
}

const is = (error: unknown, name: string): boolean => error instanceof Error && error.name === name

export function iotThings(iot: Iot): Things {
  return {
    ensure: async (thing, trade) => {
      try {
        await iot.send(new CreateThingCommand({ thingName: thing, thingTypeName: trade }))
      } catch (error) {
        if (!is(error, 'ResourceAlreadyExistsException')) throw error
      }
    },
    remove: async (thing) => {
      try {
        const { principals = [] } = await iot.send(new ListThingPrincipalsCommand({ thingName: thing }))
        for (const principal of principals) {
          const id = /:cert\/([0-9a-f]{64})$/.exec(principal)?.[1]
          if (id !== undefined)
            await iot.send(new UpdateCertificateCommand({ certificateId: id, newStatus: 'INACTIVE' }))
          await iot.send(new DetachThingPrincipalCommand({ thingName: thing, principal }))
        }
        await iot.send(new DeleteThingCommand({ thingName: thing }))
      } catch (error) {
        if (!is(error, 'ResourceNotFoundException')) throw error
      }
    },
  }
}
