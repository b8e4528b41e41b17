import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import type { IotData } from '../../src/adapters/aws/iot/iot-data.ts'
import { iotShadowDesk } from '../../src/adapters/aws/iot/iot-shadow-desk.ts'
import { cognitoPeople } from '../../src/adapters/aws/people/cognito-people.ts'
import type { DeviceDesk, Groups } from '../../src/ports/device-desk.ts'
import type { PeopleDesk } from '../../src/ports/people.ts'
import type { Desk } from '../desk/ask.ts'

export interface AwsDevicesParts {
  data: IotData
  cognito: Pick<CognitoIdentityProviderClient, 'send'>
  userPoolId: string
  groups: Groups
  commands: DeviceDesk['commands']
  credentials: DeviceDesk['credentials']
  tokens: Pick<PeopleDesk, 'tokens' | 'createToken' | 'revokeToken' | 'authenticate'>
  /** What a function of its own answers for. */
  desk: Desk
}

/** What people do with devices beyond the registry, as far as AWS has it here. */
export function awsDevices(parts: AwsDevicesParts): Partial<DeviceDesk> {
  const { data, cognito, userPoolId, groups, commands, credentials, desk, tokens } = parts
  return {
    ...desk,
    credentials,
    shadows: iotShadowDesk(data),
    commands: { give: commands.give, get: commands.get, list: commands.list },
    groups,
    people: cognitoPeople({ cognito, userPoolId, tokens }),
  }
}
