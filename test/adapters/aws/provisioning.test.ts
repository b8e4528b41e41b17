import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dynamoProvisioningStore } from '../../../src/adapters/aws/dynamo/dynamo-provisioning-store.ts'
import { asAwsHasIt, iotProvisioning } from '../../../src/adapters/aws/iot/iot-provisioning.ts'
import type { Provisioning } from '../../../src/ports/device-desk.ts'
import { claimPolicy } from '../../../src/core/device/claim-policy.ts'
import type { Iot } from '../../../src/adapters/aws/iot/iot-credentials.ts'
import { awsExchanges, contractDynamo, emulator } from '../../aws/exchanges.ts'
import { makeDeployment, policy } from '../../aws/iot-under-test.ts'

const thing = {
  Type: 'AWS::IoT::Thing',
  Properties: { ThingName: { Ref: 'Serial' }, ThingTypeName: 'plant' },
}
const certificate = { Type: 'AWS::IoT::Certificate', Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' } } // prettier-ignore
const body = { Parameters: { Serial: { Type: 'String' } }, Resources: { thing, certificate } }
const template = { name: 'contract-batch', body, type: 'pump', allowListed: true, enabled: true }

describe('asAwsHasIt', () => {
  it('puts the platform’s policy in place of any other and leaves conflicts to the hook', () => {
    const evil = { Type: 'AWS::IoT::Policy', Properties: { PolicyName: 'everything' } }
    const made = asAwsHasIt({ ...body, Resources: { ...body.Resources, evil } }, 'devices')
    const left = { ThingTypeName: 'DO_NOTHING', AttributePayload: 'DO_NOTHING', ThingGroups: 'DO_NOTHING' }
    expect(made).toEqual({
      Parameters: { Serial: { Type: 'String' }, 'AWS::IoT::Certificate::Id': { Type: 'String' } },
      Resources: {
        thing: { ...thing, OverrideSettings: left },
        certificate,
        telltalePolicy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: 'devices' } },
      },
    })
  })
})

describe('claimPolicy', () => {
  it('fits into what AWS IoT takes for a policy, however long the template’s name, in every partition', () => {
    for (const partition of ['aws', 'aws-cn', 'aws-us-gov'])
      expect(JSON.stringify(claimPolicy('x'.repeat(36), partition)).length).toBeLessThanOrEqual(2048)
  })
})

describe('iotProvisioning', () => {
  it('leaves a template alone that it did not make, as the stack’s own', async () => {
    const asked: string[] = []
    const iot = {
      send: async ({ constructor: { name } }: object) => {
        asked.push(name)
        throw Object.assign(new Error('it exists'), { name: 'ResourceAlreadyExistsException' })
      },
    } as unknown as Iot
    const { dynamo, table } = await contractDynamo()
    const store = dynamoProvisioningStore(dynamo, table('Provisioning'))
    const roleArn = 'arn:aws:iam::000000000000:role/contract-provisioning'
    const own = iotProvisioning({ iot, store, devicePolicy: policy, roleArn, hookArn: 'hook' })
    const refused = await own.putTemplate({ ...template, name: 'Telltale-claim' })
    expect(refused).toContain('Telltale-claim that was not made here')
    expect(asked).toEqual(['CreateProvisioningTemplateCommand'])
    expect(await own.templates()).toEqual([])
  })

  const aws = awsExchanges('provisioning')
  let desk: Provisioning
  beforeAll(async () => {
    await makeDeployment(aws)
    const { dynamo, table } = await contractDynamo()
    const hookArn = String(await aws.ask('the deployed hook', {}, deployedHook))
    desk = iotProvisioning({
      iot: aws.client('iot'),
      store: dynamoProvisioningStore(dynamo, table('Provisioning')),
      devicePolicy: policy,
      roleArn: 'arn:aws:iam::000000000000:role/contract-provisioning',
      hookArn,
    })
  })
  afterAll(() => aws.close())

  it('makes a template, replaces it as often as one likes, and says what AWS does not take', async () => {
    for (let i = 0; i < 7; i++)
      expect(await desk.putTemplate({ ...template, enabled: i % 2 === 0 })).toBeNull()
    expect(await desk.templates()).toEqual([template])
    const refused = await desk.putTemplate({ ...template, body: { Resources: { thing, certificate: { ...certificate, Properties: {} } } } }) // prettier-ignore
    expect(refused).toContain('CertificateId')
    expect(await desk.templates()).toEqual([template])
  })

  it('makes claims for templates that are there, and revokes them', async () => {
    expect(await desk.createClaim('line-4', 'nothing')).toBeNull()
    const made = (await desk.createClaim('line-4', template.name))!
    expect(made.claim).toMatchObject({ name: 'line-4', template: template.name, status: 'active' })
    expect([made.certificatePem, made.privateKeyPem].map((pem) => pem.split('\n')[0])).toEqual(['-----BEGIN CERTIFICATE-----', '-----BEGIN PRIVATE KEY-----']) // prettier-ignore
    const second = (await desk.createClaim('line-5', template.name))!
    expect(await desk.revokeClaim(made.claim.fingerprint)).toEqual({ ...made.claim, status: 'revoked' })
    expect(await desk.revokeClaim('0'.repeat(64))).toBeNull()
    expect(new Set((await desk.claims()).map(({ name, status }) => `${name} ${status}`))).toEqual(new Set(['line-4 revoked', 'line-5 active'])) // prettier-ignore
    expect(second.claim.notAfter).toBeGreaterThan(0)
  })
})

/** IoT calls only functions that let it: in the emulator the one that the stacks have made. */
async function deployedHook(): Promise<string> {
  const client = new LambdaClient({ endpoint: emulator!, region: 'us-east-1', credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' } }) // prettier-ignore
  for await (const { Functions = [] } of paginateListFunctions({ client }, {}))
    for (const { FunctionArn, Environment } of Functions)
      if (Environment?.Variables?.['POWERTOOLS_SERVICE_NAME'] === 'provision') return FunctionArn!
  throw new Error('the hook of fleet provisioning was not deployed')
}
