import { afterAll, describe, expect, it } from 'vitest'
import { CreateGroupCommand, CreateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { cognitoPeople } from '../../../src/adapters/aws/people/cognito-people.ts'
import { dynamoTokens } from '../../../src/adapters/aws/people/dynamo-tokens.ts'
import { sitesOf } from '../../../src/adapters/aws/people/sites-attribute.ts'
import { awsExchanges, contractDynamo } from '../../aws/exchanges.ts'
import { peopleDeskContract } from '../../contracts/people-desk.ts'

const aws = awsExchanges('people')
afterAll(() => aws.close())

peopleDeskContract('Cognito', async () => {
  const cognito = aws.client('cognito')
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({
      PoolName: 'contract',
      UsernameAttributes: ['email'],
      Schema: [{ Name: 'sites', AttributeDataType: 'String', Mutable: true }],
    }),
  )
  for (const GroupName of ['viewer', 'operator', 'admin'])
    await cognito.send(new CreateGroupCommand({ UserPoolId: UserPool!.Id, GroupName }))
  const { dynamo, table } = await contractDynamo()
  let now = 0
  const tokens = dynamoTokens(dynamo, table('Tokens'), { now: () => now })
  return {
    desk: cognitoPeople({ cognito, userPoolId: UserPool!.Id!, tokens }),
    setClock: (at) => void (now = at),
  }
})

describe('sitesOf', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['[]', []],
    ['["a, b","c"]', ['a, b', 'c']],
    ['a, b', ['a', 'b']],
    ['[broken', []],
    ['[1,null]', []],
    [',', []],
  ])('reads %j as %j', (attribute, sites) => {
    expect(sitesOf(attribute)).toEqual(sites)
  })
})
