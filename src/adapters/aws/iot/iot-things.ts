import {
  CreateThingCommand,
  DeleteThingCommand,
  DetachThingPrincipalCommand,
  ListThingPrincipalsCommand,
  UpdateCertificateCommand,
  type CertificateStatus,
} from '@aws-sdk/client-iot'
import { DeleteConnectionCommand } from '@aws-sdk/client-iot-data-plane'
import type { DeviceStatus } from '../../../core/device/profile.ts'
import type { IotData } from './iot-data.ts'
import type { Iot } from './iot-credentials.ts'

/** Things of IoT Core, whose type is the trade: policies compare both with the topic. */
export interface Things {
  ensure(thing: string, trade: string): Promise<void>
  /** Suspended: its certificates open nothing until it is active again. Retired: never again. Either cuts its connection. */
  setStatus(thing: string, status: DeviceStatus): Promise<void>
  /** Takes the thing's certificates out of use, cuts its connection and forgets it. */
  remove(thing: string): Promise<void>
}

const is = (error: unknown, name: string): boolean => error instanceof Error && error.name === name
const certificateStatus: Readonly<Record<DeviceStatus, CertificateStatus>> = {
  active: 'ACTIVE',
  suspended: 'INACTIVE',
  retired: 'REVOKED',
}

export function iotThings(iot: Iot, data: IotData): Things {
  async function* principalsOf(thing: string): AsyncGenerator<{ principal: string; id: string | undefined }> {
    let token: string | undefined
    do {
      const page = await iot.send(
        new ListThingPrincipalsCommand({
          thingName: thing,
          ...(token !== undefined && { nextToken: token }),
        }),
      )
      for (const principal of page.principals ?? [])
        yield { principal, id: /:cert\/([0-9a-f]{64})$/.exec(principal)?.[1] }
      token = page.nextToken
    } while (token !== undefined)
  }

  async function update(id: string, newStatus: CertificateStatus): Promise<void> {
    try {
      await iot.send(new UpdateCertificateCommand({ certificateId: id, newStatus }))
    } catch (error) {
      // AWS: a revoked certificate stays revoked.
      if (!is(error, 'CertificateStateException')) throw error
    }
  }

  return {
    ensure: async (thing, trade) => {
      try {
        await iot.send(new CreateThingCommand({ thingName: thing, thingTypeName: trade }))
      } catch (error) {
        if (!is(error, 'ResourceAlreadyExistsException')) throw error
      }
    },
    setStatus: async (thing, status) => {
      for await (const { id } of principalsOf(thing))
        if (id !== undefined) await update(id, certificateStatus[status])
      if (status !== 'active') await cutConnection(data, thing)
    },
    remove: async (thing) => {
      try {
        for await (const { principal, id } of principalsOf(thing)) {
          if (id !== undefined) await update(id, 'REVOKED')
          await iot.send(new DetachThingPrincipalCommand({ thingName: thing, principal }))
        }
        await cutConnection(data, thing)
        await iot.send(new DeleteThingCommand({ thingName: thing }))
      } catch (error) {
        if (!is(error, 'ResourceNotFoundException')) throw error
      }
    },
  }
}

/** AWS: a session that a certificate began outlives it. */
export async function cutConnection(data: IotData, clientId: string): Promise<void> {
  try {
    await data.send(new DeleteConnectionCommand({ clientId }))
  } catch (error) {
    if (!is(error, 'ResourceNotFoundException')) throw error
  }
}
