import { Aws, Duration, Stack, Validations, RemovalPolicy } from 'aws-cdk-lib'
import {
  CfnUserPoolGroup,
  FeaturePlan,
  Mfa,
  StringAttribute,
  UserPool,
  type IUserPool,
} from 'aws-cdk-lib/aws-cognito'
import { Construct } from 'constructs'

/** Roles of DESIGN section 8, strongest first: where somebody is in two groups, the first counts. */
export const roles = ['admin', 'operator', 'viewer'] as const

/** Who may use the API: people with a second factor, whose groups are their roles. */
export class People extends Construct {
  readonly pool: IUserPool
  /** Host where people sign in. */
  readonly signInHost: string

  constructor(scope: Construct, id: string, props: { removalPolicy: RemovalPolicy }) {
    super(scope, id)
    const pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      featurePlan: FeaturePlan.ESSENTIALS,
      // Sites that a person is confined to, with commas between; all of them where it is empty.
      customAttributes: { sites: new StringAttribute({ mutable: true, maxLen: 2048 }) },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireSymbols: true,
        requireUppercase: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: props.removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy: props.removalPolicy,
    })
    for (const pluginId of ['AwsSolutions-COG3', 'AwsSolutions-COG8'])
      Validations.of(pool).acknowledge({
        id: pluginId,
        reason:
          'threat protection needs the Plus plan, priced by person; a second factor is required of everybody instead',
      })
    roles.forEach((groupName, precedence) => {
      new CfnUserPoolGroup(this, groupName, {
        userPoolId: pool.userPoolId,
        groupName,
        precedence,
        description: `Telltale role ${groupName}`,
      })
    })
    // Cognito's domains are one namespace for a whole region, so the account is part of it.
    const domain = pool.addDomain('SignIn', {
      cognitoDomain: { domainPrefix: `${Stack.of(this).stackName}-${Aws.ACCOUNT_ID}` },
    })
    this.signInHost = `${domain.domainName}.auth.${Aws.REGION}.amazoncognito.com`
    this.pool = pool
  }
}
