import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { customResource } from '../middleware/custom-resource.ts'
import { parseEnv } from './env.ts'
import { makeToken } from './make-token.ts'

const env = parseEnv(process.env)
const secrets = new SecretsManagerClient()

export const handler = customResource(async (event) => {
  // The token goes with the instance; the instance is retained, or deleted with its data.
  if (event.RequestType === 'Delete') return
  const { SecretString = '{}' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: env.ADMIN_SECRET }),
  )
  const { username, password } = JSON.parse(SecretString) as { username: string; password: string }
  await makeToken(
    {
      url: env.INFLUX_URL,
      username,
      password,
      org: env.INFLUX_ORG,
      bucket: env.INFLUX_BUCKET,
      retentionDays: env.RETENTION_DAYS,
      keep: async (token) => {
        await secrets.send(
          new PutSecretValueCommand({ SecretId: env.TOKEN_SECRET, SecretString: JSON.stringify({ token }) }),
        )
      },
    },
    fetch,
  )
})
