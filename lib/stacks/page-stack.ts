import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { ClientAttributes, OAuthScope, UserPoolClient } from 'aws-cdk-lib/aws-cognito'
import type { Construct } from 'constructs'
import type { Operations } from '../constructs/operations.ts'
import { PageFiles } from '../constructs/page-files.ts'
import { PageWatch } from '../constructs/page-watch.ts'
import { Page, pageFolder, pageIsBuilt } from '../constructs/page.ts'
import type { Deployment } from '../deployment.ts'
import type { ApiStack } from './api-stack.ts'
import type { StorageStack } from './storage-stack.ts'

export interface PageStackProps extends StackProps {
  deployment: Deployment
  storage: StorageStack
  api: ApiStack
  ops: Operations
}

/** The web page: its files, its host, and how it signs people in. */
export class PageStack extends Stack {
  constructor(scope: Construct, id: string, props: PageStackProps) {
    super(scope, id, props)
    const { deployment, storage, api, ops } = props
    const page = new Page(this, 'Page', {
      page: deployment.page,
      rest: api.rest,
      accessLogs: storage.accessLogs,
      ops,
    })
    const client = new UserPoolClient(this, 'Client', {
      userPool: api.people,
      generateSecret: false,
      preventUserExistenceErrors: true,
      // Only the pool's own page, which asks for the second factor, gives tokens.
      authFlows: { user: false },
      // Sites must be in the token, or the API would not know of them; nobody may write their own, or their name.
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ email: true, emailVerified: true })
        .withCustomAttributes('sites'),
      writeAttributes: new ClientAttributes().withStandardAttributes({ locale: true }),
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(1),
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [`${page.url}/`],
        logoutUrls: [`${page.url}/`],
      },
    })
    if (pageIsBuilt())
      new PageFiles(this, 'Files', {
        folder: pageFolder,
        bucket: page.bucket,
        config: {
          provider: {
            authorize: `https://${api.signInHost}/oauth2/authorize`,
            token: `https://${api.signInHost}/oauth2/token`,
            client: client.userPoolClientId,
            scope: 'openid email',
            bearer: 'id',
          },
          form: 'none',
        },
        ops,
      })
    new PageWatch(this, 'Watch', {
      url: page.url,
      paths: pageIsBuilt() ? ['/', '/v1/health'] : ['/v1/health'],
      ops,
    })
    new CfnOutput(this, 'Url', { value: page.url })
    new CfnOutput(this, 'SignInClient', { value: client.userPoolClientId })
  }
}
