import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Audit } from '../../../ports/audit.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { CredentialDesk } from '../../../ports/device-desk.ts'
import { isConflict, number, text, toItem, type Dynamo, type Item } from '../dynamo/item.ts'
import { getAll, queryAll } from '../dynamo/read-all.ts'
import type { IotCredentials } from './iot-credentials.ts'

export interface RetirementParts {
  dynamo: Dynamo
  /** Of retirements: a certificate, its thing, and when it ends. */
  table: string
  credentials: Pick<IotCredentials, 'revoke'>
  clock: Pick<Clock, 'now'>
  audit: Pick<Audit, 'record'>
}

export interface IotCredentialDeskParts extends RetirementParts {
  credentials: Pick<IotCredentials, 'issue' | 'sign' | 'list' | 'revoke'>
}

/** Revokes a certificate of which a rotation is through, and forgets its date. */
async function endOne(parts: RetirementParts, thing: string, fingerprint: string): Promise<void> {
  const { dynamo, table, credentials, clock, audit } = parts
  const revoked = await credentials.revoke(thing, fingerprint)
  await dynamo.send(new DeleteItemCommand({ TableName: table, Key: toItem({ fingerprint }) }))
  if (revoked)
    audit.record({ at: clock.now(), actor: 'telltale', action: 'credential.revoke', subject: thing, detail: `${fingerprint} after rotation` }) // prettier-ignore
}

/** Revokes what has been overlapped for long enough. One that cannot be revoked now keeps no other from it. */
export async function sweepRetirements(parts: RetirementParts): Promise<void> {
  const due = queryAll(parts.dynamo, {
    TableName: parts.table,
    IndexName: 'byDue',
    KeyConditionExpression: 'due = :d AND dueAt <= :t',
    ExpressionAttributeValues: { ':d': { S: 'retire' }, ':t': { N: String(parts.clock.now()) } },
  })
  const failures: unknown[] = []
  for await (const item of due)
    await endOne(parts, text(item, 'thing'), text(item, 'fingerprint')).catch((error: unknown) => failures.push(error)) // prettier-ignore
  if (failures.length > 0) throw failures[0]
}

/** Signing requests, and rotation with an overlap, with certificates of IoT Core: the old ones end by the minute job. */
export function iotCredentialDesk(parts: IotCredentialDeskParts): CredentialDesk {
  const { dynamo, table, credentials, clock } = parts
  const keyOf = (fingerprint: string): Item => toItem({ fingerprint })

  const active = async (thing: string): Promise<string[]> =>
    (await credentials.list(thing)).filter(({ status }) => status === 'active').map((c) => c.fingerprint)

  /** One that is being retired already keeps its date. */
  async function retireAt(thing: string, fingerprint: string, at: number): Promise<void> {
    try {
      await dynamo.send(
        new PutItemCommand({
          TableName: table,
          Item: toItem({ fingerprint, thing, due: 'retire', dueAt: at }),
          ConditionExpression: 'attribute_not_exists(fingerprint)',
        }),
      )
    } catch (error) {
      if (!isConflict(error)) throw error
    }
  }

  async function retirements(thing: string): Promise<{ fingerprint: string; at: number }[]> {
    const items = await getAll(dynamo, table, (await active(thing)).map(keyOf))
    return items.map((item) => ({ fingerprint: text(item, 'fingerprint'), at: number(item, 'dueAt') }))
  }

  return {
    sign: credentials.sign,
    rotate: async (thing, { csrPem, overlapMs }) => {
      const old = await active(thing)
      const issued =
        csrPem === undefined
          ? await credentials.issue(thing)
          : { ...(await credentials.sign(thing, csrPem)), privateKeyPem: null }
      for (const fingerprint of old)
        if (overlapMs === 0) await endOne(parts, thing, fingerprint)
        else await retireAt(thing, fingerprint, clock.now() + overlapMs)
      const { fingerprint, certificatePem, caPem, privateKeyPem } = issued
      return { fingerprint, certificatePem, caPem, privateKeyPem, retires: await retirements(thing) }
    },
    retirements,
  }
}
