import { describe, expect, it } from 'vitest'
import { admitToken } from '../../lambdas/authorize/admit-token.ts'
import { dynamoTokens } from '../../src/adapters/aws/people/dynamo-tokens.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'

const methodArn = 'arn:aws:execute-api:eu-central-1:123456789012:abc/v/GET/machine/v1/latest'
const machines = 'arn:aws:execute-api:eu-central-1:123456789012:abc/v/*/machine/*'

describe('admitToken', () => {
  it('opens what machines may ask to a token of ours, and nothing to anybody else', async () => {
    let now = 1000
    const tokens = dynamoTokens(dynamoDouble().client, 'Tokens', { now: () => now })
    const made = await tokens.createToken({ name: 'historian', role: 'viewer', sites: null }, 2000)
    const effectOf = async (authorizationToken: string) => {
      const { principalId, policyDocument } = await admitToken(tokens, { authorizationToken, methodArn })
      const [statement] = policyDocument.Statement as { Effect: string; Resource: string }[]
      expect(statement!.Resource).toBe(machines)
      return [principalId, statement!.Effect]
    }
    expect(await effectOf(`Bearer ${made.token}`)).toEqual(['token:historian', 'Allow'])
    expect(await effectOf(made.token)).toEqual(['nobody', 'Deny'])
    expect(await effectOf(`Bearer ${made.token.slice(0, -1)}!`)).toEqual(['nobody', 'Deny'])
    now = 2000
    expect(await effectOf(`Bearer ${made.token}`)).toEqual(['nobody', 'Deny'])
  })
})
