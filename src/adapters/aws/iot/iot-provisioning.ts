import { X509Certificate } from 'node:crypto'
import {
  AttachPolicyCommand,
  CreateCertificateFromCsrCommand,
  CreatePolicyCommand,
  CreateProvisioningTemplateCommand,
  CreateProvisioningTemplateVersionCommand,
  DeleteProvisioningTemplateVersionCommand,
  DescribeCertificateCommand,
  DetachPolicyCommand,
  ListProvisioningTemplateVersionsCommand,
  UpdateCertificateCommand,
  UpdateProvisioningTemplateCommand,
} from '@aws-sdk/client-iot'
import { claimPolicy } from '../../../core/device/claim-policy.ts'
import { isJsonObject, type JsonObject } from '../../../core/device/json.ts'
import { templateFault } from '../../../core/device/provisioning-template.ts'
import type { Provisioning } from '../../../ports/device-desk.ts'
import type { Claim, ProvisioningTemplate } from '../../../ports/device-desk-store.ts'
import type { DynamoProvisioningStore } from '../dynamo/dynamo-provisioning-store.ts'
import { keyAndRequest } from './csr.ts'
import type { Iot } from './iot-credentials.ts'

export interface IotProvisioningOptions {
  iot: Iot
  store: DynamoProvisioningStore
  /** The policy that every device's certificate gets. */
  devicePolicy: string
  /** As this IoT registers devices. */
  roleArn: string
  /** The function that IoT asks before it does (lambdas/provision). */
  hookArn: string
}

const is = (error: unknown, name: string): boolean => error instanceof Error && error.name === name
/** Policies of claims have this in front, by which the function's role knows them. */
const policyOf = (template: string): string => `telltale-claim-${template}`

/** Fleet provisioning of AWS IoT Core by templates of our own; the hook of each is our function, which has the last word. */
export function iotProvisioning(options: IotProvisioningOptions): Provisioning {
  const { iot, store, devicePolicy, roleArn, hookArn } = options
  const [, partition = 'aws'] = roleArn.split(':')

  /** Null, or why not: a template that was not made here (the stack's own, another deployment's) is left alone. */
  async function putTemplate({ name, body, enabled }: ProvisioningTemplate): Promise<string | null> {
    const templateBody = JSON.stringify(asAwsHasIt(body, devicePolicy))
    try {
      await iot.send(
        new CreateProvisioningTemplateCommand({
          templateName: name,
          type: 'FLEET_PROVISIONING',
          templateBody,
          enabled,
          provisioningRoleArn: roleArn,
          preProvisioningHook: { targetArn: hookArn, payloadVersion: '2020-04-01' },
        }),
      )
    } catch (error) {
      if (!is(error, 'ResourceAlreadyExistsException')) throw error
      if (!(await store.template(name)))
        return `AWS IoT has a template ${name} that was not made here; take another name, or delete that one there`
      await putVersion(name, templateBody)
      await iot.send(new UpdateProvisioningTemplateCommand({ templateName: name, enabled }))
    }
    return null
  }

  /** AWS: a template has five versions at most. */
  async function putVersion(templateName: string, templateBody: string): Promise<void> {
    const { versions = [] } = await iot.send(new ListProvisioningTemplateVersionsCommand({ templateName }))
    for (const { versionId, isDefaultVersion } of versions)
      if (isDefaultVersion !== true && versionId !== undefined)
        await iot.send(new DeleteProvisioningTemplateVersionCommand({ templateName, versionId }))
    await iot.send(
      new CreateProvisioningTemplateVersionCommand({ templateName, templateBody, setAsDefault: true }),
    )
  }

  async function ensurePolicy(template: string): Promise<string> {
    const policyName = policyOf(template)
    try {
      await iot.send(
        new CreatePolicyCommand({
          policyName,
          policyDocument: JSON.stringify(claimPolicy(template, partition)),
        }),
      )
    } catch (error) {
      if (!is(error, 'ResourceAlreadyExistsException')) throw error
    }
    return policyName
  }

  return {
    templates: store.templates,
    putTemplate: async (template) => {
      const fault = templateFault(template.body)
      if (fault !== null) return fault
      try {
        const refusal = await putTemplate(template)
        if (refusal !== null) return refusal
      } catch (error) {
        if (is(error, 'InvalidRequestException')) return (error as Error).message
        throw error
      }
      await store.putTemplate(template)
      return null
    },
    claims: store.claims,
    createClaim: async (name, template) => {
      if (!(await store.template(template))) return null
      const policyName = await ensurePolicy(template)
      const { privateKeyPem, csrPem } = keyAndRequest(`claim:${name}`)
      const { certificateArn, certificateId, certificatePem } = await iot.send(
        new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem, setAsActive: true }),
      )
      if (certificateArn === undefined || certificateId === undefined || certificatePem === undefined)
        throw new Error(`IoT Core made no certificate for claim ${name}`)
      const { serialNumber, validToDate } = new X509Certificate(certificatePem)
      const claim: Claim = { fingerprint: certificateId, name, template, serial: serialNumber.toLowerCase(), status: 'active', notAfter: validToDate.getTime() } // prettier-ignore
      // Known before it opens anything: what is not in the list cannot be revoked.
      await store.putClaim(claim)
      await iot.send(new AttachPolicyCommand({ policyName, target: certificateArn }))
      return { claim, certificatePem, privateKeyPem }
    },
    revokeClaim: async (fingerprint) => {
      const claim = await store.claim(fingerprint)
      if (!claim) return null
      const revoked: Claim = { ...claim, status: 'revoked' }
      // First the hook's list, which holds from now on; IoT Core takes a while to see its own change everywhere.
      await store.putClaim(revoked)
      await iot.send(new UpdateCertificateCommand({ certificateId: fingerprint, newStatus: 'REVOKED' }))
      const { certificateDescription } = await iot.send(
        new DescribeCertificateCommand({ certificateId: fingerprint }),
      )
      const target = certificateDescription?.certificateArn
      // A session that is open keeps its certificate, but without a policy it may say and hear nothing.
      if (target !== undefined)
        await iot.send(new DetachPolicyCommand({ policyName: policyOf(claim.template), target }))
      return revoked
    },
    allow: store.allow,
    allowed: store.allowed,
    disallow: store.disallow,
  }
}

/**
 * The template as IoT takes it: our policy in place of any other (the role may attach no other), the certificate's id
 * declared, and no conflict with a thing that is there, for the hook has judged that by the registry.
 */
export function asAwsHasIt(body: JsonObject, devicePolicy: string): JsonObject {
  const given = Object.entries(body['Resources'] as JsonObject).map(([name, resource]) => [name, resource as JsonObject] as const) // prettier-ignore
  const resources = given
    .filter(([, resource]) => resource['Type'] !== 'AWS::IoT::Policy')
    .map(([name, resource]): [string, JsonObject] => [
      name,
      resource['Type'] === 'AWS::IoT::Thing'
        ? { ...resource, OverrideSettings: { ThingTypeName: 'DO_NOTHING', AttributePayload: 'DO_NOTHING', ThingGroups: 'DO_NOTHING' } } // prettier-ignore
        : resource,
    ])
  const policy = { Type: 'AWS::IoT::Policy', Properties: { PolicyName: devicePolicy } }
  return {
    ...body,
    Parameters: { ...(isJsonObject(body['Parameters']) && body['Parameters']), 'AWS::IoT::Certificate::Id': { Type: 'String' } }, // prettier-ignore
    Resources: { ...Object.fromEntries(resources), telltalePolicy: policy },
  }
}
