import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import type { IotData } from '../../src/adapters/aws/iot/iot-data.ts'
import { iotShadowDesk } from '../../src/adapters/aws/iot/iot-shadow-desk.ts'
import { cognitoPeople } from '../../src/adapters/aws/people/cognito-people.ts'
import type { DeviceDesk, Groups } from '../../src/ports/device-desk.ts'
import type { PeopleDesk } from '../../src/ports/people.ts'
import type { Desk } from '../desk/ask.ts'
import { notByApi } from './elsewhere.ts'

export interface AwsDevicesParts {
  data: IotData
  cognito: Pick<CognitoIdentityProviderClient, 'send'>
  userPoolId: string
  groups: Groups
  commands: DeviceDesk['commands']
  credentials: DeviceDesk['credentials']
  /** What a function of its own answers for. */
  desk: Desk
}

/** What people do with devices beyond the registry, as far as AWS has it here. */
export function awsDevices(parts: AwsDevicesParts): Partial<DeviceDesk> {
  const { data, cognito, userPoolId, groups, commands, credentials, desk } = parts
  return {
    ...desk,
    credentials,
    shadows: iotShadowDesk(data),
    commands: { give: commands.give, get: commands.get, list: commands.list },
    groups,
    people: cognitoPeople({ cognito, userPoolId, tokens: noTokens }),
  }
}

/** API Gateway lets in whoever has a token of the user pool; it would turn one of ours away. */
const noTokens: Pick<PeopleDesk, 'tokens' | 'createToken' | 'revokeToken' | 'authenticate'> = {
  tokens: async () => [],
  createToken: async () => notByApi('POST /v1/tokens'),
  revokeToken: async () => null,
  authenticate: async () => null,
}
