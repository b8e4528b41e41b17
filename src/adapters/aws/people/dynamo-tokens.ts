import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Account, PeopleDesk, Token, TokenView } from '../../../ports/people.ts'
import { text, toItem, type Dynamo } from '../dynamo/item.ts'
import { scanAll } from '../dynamo/read-all.ts'

const PREFIX = 'tt_'
/** A token that is over is listed for a while, for those who ask what it was. */
const SHOWN_S = 30 * 86_400

/**
 * Bearer tokens of machines in DynamoDB. Of a secret only its SHA-256 is kept: it has 256 random bits, so that nobody
 * finds it by trying, and it needs neither salt nor key.
 */
export function dynamoTokens(
  dynamo: Dynamo,
  table: string,
  clock: Pick<Clock, 'now'>,
): Pick<PeopleDesk, 'tokens' | 'createToken' | 'revokeToken' | 'authenticate'> {
  async function put(token: Token): Promise<void> {
    const overAt = Math.min(token.expiresAt ?? Infinity, token.revokedAt ?? Infinity)
    const forgetAt = overAt === Infinity ? null : Math.floor(overAt / 1000) + SHOWN_S
    const item = toItem({ id: token.id, token: JSON.stringify(token), forgetAt })
    await dynamo.send(new PutItemCommand({ TableName: table, Item: item }))
  }

  async function find(id: string): Promise<Token | null> {
    if (id === '') return null
    const { Item: item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: toItem({ id }), ConsistentRead: true }),
    )
    return item ? (JSON.parse(text(item, 'token')) as Token) : null
  }

  return {
    tokens: async () => {
      const found: TokenView[] = []
      for await (const item of scanAll(dynamo, { TableName: table, ConsistentRead: true })) {
        const token = JSON.parse(text(item, 'token')) as Token
        if (shownUntil(token) > clock.now()) found.push(viewOf(token))
      }
      return found.sort((a, b) => (a.id < b.id ? -1 : 1))
    },
    createToken: async ({ name, role, sites }, expiresAt) => {
      const id = randomBytes(9).toString('hex')
      const secret = randomBytes(32).toString('base64url')
      const token: Token = { id, kind: 'machine', name, role, sites, hash: hashOf(secret), createdAt: clock.now(), expiresAt, revokedAt: null } // prettier-ignore
      await put(token)
      return { token: `${PREFIX}${id}_${secret}`, view: viewOf(token) }
    },
    revokeToken: async (id) => {
      const token = await find(id)
      if (!token) return null
      const revoked = { ...token, revokedAt: token.revokedAt ?? clock.now() }
      await put(revoked)
      return viewOf(revoked)
    },
    authenticate: async (given) => {
      const [, id, secret] = /^tt_([0-9a-f]{18})_([\w-]{43})$/.exec(given) ?? []
      if (id === undefined || secret === undefined) return null
      const token = await find(id)
      return token && isGood(token, secret, clock.now()) ? accountOf(token) : null
    },
  }
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

function isGood({ hash, revokedAt, expiresAt }: Token, secret: string, now: EpochMs): boolean {
  if (revokedAt !== null || (expiresAt !== null && expiresAt <= now)) return false
  const [given, wanted] = [Buffer.from(hashOf(secret)), Buffer.from(hash)]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

const accountOf = ({ name, role, sites }: Token): Account => ({ name: `token:${name}`, role, sites })

const shownUntil = ({ expiresAt, revokedAt }: Token): EpochMs =>
  Math.min(expiresAt ?? Infinity, revokedAt ?? Infinity) + SHOWN_S * 1000

const viewOf = ({ hash: _, ...token }: Token): TokenView => token
