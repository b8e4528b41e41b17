import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { Config } from './env.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
}

/** Vite names what it builds by content, so only these may be kept for ever. */
const isHashed = (key: string): boolean => key.startsWith('assets/')

/** Makes the bucket hold the folder's files and `config.json`, and nothing else. The entry page comes last. */
export async function putPage(
  s3: S3Client,
  bucket: string,
  folder: string,
  config: Config,
): Promise<{ put: number; removed: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const keys = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => Number(a === 'index.html') - Number(b === 'index.html') || (a < b ? -1 : 1))
  const put = (key: string, body: Uint8Array | string) =>
    s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: types[extname(key)] ?? 'application/octet-stream',
        CacheControl: isHashed(key) ? 'public, max-age=31536000, immutable' : 'no-cache',
      }),
    )
  await put('config.json', JSON.stringify(config))
  for (const key of keys) await put(key, await readFile(join(folder, key)))
  const kept = new Set(['config.json', ...keys])
  return { put: kept.size, removed: await removeOthers(s3, bucket, kept) }
}

async function removeOthers(s3: S3Client, bucket: string, kept: ReadonlySet<string>): Promise<number> {
  let removed = 0
  let token: string | undefined
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, ...(token !== undefined && { ContinuationToken: token }) }),
    )
    const others = (page.Contents ?? []).flatMap(({ Key }) =>
      Key !== undefined && !kept.has(Key) ? [{ Key }] : [],
    )
    if (others.length > 0)
      await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: others } }))
    removed += others.length
    token = page.NextContinuationToken
  } while (token !== undefined)
  return removed
}
