import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda'
import { tokenOf } from '../../src/api/auth.ts'
import type { PeopleDesk } from '../../src/ports/people.ts'

/**
 * Lets machines with a token of ours reach the API, which looks at it once more, with its role and sites: so what this
 * answers may be kept for minutes, and a token that is revoked meanwhile opens nothing all the same.
 */
export async function admitToken(
  people: Pick<PeopleDesk, 'authenticate'>,
  { authorizationToken, methodArn }: Pick<APIGatewayTokenAuthorizerEvent, 'authorizationToken' | 'methodArn'>,
): Promise<APIGatewayAuthorizerResult> {
  const token = tokenOf(authorizationToken)
  const account = token === null ? null : await people.authenticate(token)
  // AWS: arn:…:<api>/<stage>/<method>/<path>. The answer is kept for the token, whatever it asks for next.
  const [api, stage] = methodArn.split('/')
  return {
    principalId: account?.name ?? 'nobody',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: account ? 'Allow' : 'Deny',
          Resource: `${api}/${stage}/*/machine/*`,
        },
      ],
    },
  }
}
