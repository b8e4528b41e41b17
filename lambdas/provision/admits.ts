import type { DynamoProvisioningStore } from '../../src/adapters/aws/dynamo/dynamo-provisioning-store.ts'
import { admitClaimed } from '../../src/core/device/admission.ts'
import type { Device } from '../../src/core/device/profile.ts'
import { evaluateTemplate, TemplateFault, type ProvisionedThing } from '../../src/core/device/provisioning-template.ts' // prettier-ignore
import type { Audit } from '../../src/ports/audit.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { DeviceCredentials } from '../../src/ports/device-credentials.ts'
import type { DeviceDirectory } from '../../src/ports/device-directory.ts'
import type { ProvisioningTemplate } from '../../src/ports/device-desk-store.ts'

/** The part of the hook's event (payload version 2020-04-01) that decides. */
export interface HookEvent {
  claimCertificateId?: string
  certificateId?: string
  templateArn?: string
  parameters?: Readonly<Record<string, string>>
}

export interface AdmitsParts {
  store: Pick<DynamoProvisioningStore, 'template' | 'claim' | 'isAllowed'>
  devices: Pick<DeviceDirectory, 'get' | 'put'>
  credentials: Pick<DeviceCredentials, 'list'>
  /** Whether the device's data is being erased: what a new one of its name sends would be taken for the old one's. */
  isErasing(thing: string): Promise<boolean>
  audit: Pick<Audit, 'record'>
  clock: Pick<Clock, 'now'>
}

/** Whether the registry admits who asks; who is admitted is registered when this resolves. */
export async function admits(parts: AdmitsParts, event: HookEvent): Promise<boolean> {
  const { store, devices, credentials, isErasing, audit, clock } = parts
  const { claimCertificateId = '', certificateId = '', templateArn = '', parameters = {} } = event
  const name = templateArn.split('/').at(-1)!
  const [claim, template] = await Promise.all([store.claim(claimCertificateId), store.template(name)])
  const actor = claim?.name ?? 'claim'
  const note = (action: string, subject: string, detail: string): void =>
    audit.record({ at: clock.now(), actor, action, subject, detail })
  const refuse = (subject: string, why: string): false => {
    note('provision.refuse', subject, why)
    return false
  }
  if (claim && claim.status !== 'active') return refuse(name, 'the claim is revoked')
  if (claim && claim.template !== name) return refuse(name, `the claim is for template ${claim.template}`)
  if (template && !template.enabled) return refuse(name, 'the template is disabled')

  const wish = template ? wishOf(template, parameters, certificateId) : ownWish(parameters)
  if (typeof wish === 'string') return refuse(name, wish)
  const [device, held, listed, erasing] = await Promise.all([
    devices.get(wish.thing),
    credentials.list(wish.thing),
    template?.allowListed !== true || store.isAllowed(name, wish.thing),
    isErasing(wish.thing),
  ])
  if (erasing) return refuse(wish.thing, 'being erased')
  if (!template && !device) return refuse(wish.thing, 'not registered')
  const admitted = admitClaimed(wish, {
    allowed: listed,
    device,
    hasCredential: held.some(({ status, notAfter }) => status === 'active' && notAfter > clock.now()),
    type: template?.type ?? '',
  })
  if (typeof admitted === 'string') return refuse(wish.thing, admitted)
  await devices.put(admitted, actor)
  note('provision.register', wish.thing, certificateId)
  return true
}

function wishOf(
  template: ProvisioningTemplate,
  parameters: Readonly<Record<string, string>>,
  certificateId: string,
): ProvisionedThing | string {
  // AWS gives what it makes itself along with what the device gave.
  const given = Object.entries(parameters).filter(([name]) => !name.startsWith('AWS::IoT::'))
  try {
    return evaluateTemplate(template.body, Object.fromEntries(given), certificateId)
  } catch (error) {
    if (error instanceof TemplateFault) return error.message
    throw error
  }
}

/** The deployment's own template (lib/constructs/device-identity.ts) takes the name and the trade as they are. */
function ownWish({ Thing = '', Trade = '' }: Readonly<Record<string, string>>): ProvisionedThing | string {
  if (Thing === '') return 'no thing is named'
  return { thing: Thing, trade: Trade as Device['trade'], attributes: {}, onExisting: { attributes: 'MERGE', trade: 'FAIL' }, deviceConfiguration: {} } // prettier-ignore
}
