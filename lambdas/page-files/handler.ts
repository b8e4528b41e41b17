import { fileURLToPath } from 'node:url'
import { S3Client } from '@aws-sdk/client-s3'
import { customResource } from '../middleware/custom-resource.ts'
import { parseEnv, type Config } from './env.ts'
import { putPage } from './put-page.ts'

const env = parseEnv(process.env)
const s3 = new S3Client()
/** The built page travels beside the code. */
const folder = fileURLToPath(new URL('./files/', import.meta.url))

export const handler = customResource(async (event) => {
  // The bucket keeps its last page when the stack goes: it is retained, or emptied by whoever removes it.
  if (event.RequestType === 'Delete') return
  const config = event.ResourceProperties['config'] as Config
  const { put, removed } = await putPage(s3, env.PAGE_BUCKET, folder, config)
  console.log(JSON.stringify({ message: 'page put', put, removed }))
})
