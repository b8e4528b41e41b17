import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  RestoreObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'

export type S3 = Pick<S3Client, 'send'>

/** The lake's bucket, as far as landing and compaction need it. */
export interface LakeFiles {
  put(key: string, body: Uint8Array): Promise<void>
  get(key: string): Promise<Uint8Array>
  /** The same, null where there is none. */
  find(key: string): Promise<Uint8Array | null>
  /** Keys below a prefix, ascending, at most so many. */
  list(prefix: string, limit: number): Promise<string[]>
  /** What keys below a prefix begin with, up to and with the next delimiter; each once, ascending. */
  folders(prefix: string, delimiter: string): Promise<string[]>
  remove(key: string): Promise<void>
}

export function lakeFiles(s3: S3, bucket: string): LakeFiles {
  async function get(key: string): Promise<Uint8Array> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    if (!Body) throw new Error(`${key} has no contents`)
    return Body.transformToByteArray()
  }
  return {
    put: async (key, body) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
    },
    get,
    find: async (key) => {
      try {
        return await get(key)
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return null
        throw error
      }
    },
    list: async (prefix, limit) => {
      const keys: string[] = []
      let token: string | undefined
      do {
        const page = await s3.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(token !== undefined && { ContinuationToken: token }),
          }),
        )
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key)
        token = page.NextContinuationToken
      } while (token !== undefined && keys.length < limit)
      return keys.slice(0, limit)
    },
    folders: async (prefix, delimiter) => {
      const found: string[] = []
      let token: string | undefined
      do {
        const page = await s3.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            Delimiter: delimiter,
            ...(token !== undefined && { ContinuationToken: token }),
          }),
        )
        for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix !== undefined) found.push(Prefix)
        token = page.NextContinuationToken
      } while (token !== undefined)
      return found
    },
    remove: async (key) => {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    },
  }
}

/** Days for which a restored copy stays. */
const RESTORED_DAYS = 3

/** Asks for a copy of an object in Deep Archive; it is there within two days. */
export const restoreObject =
  (s3: S3, bucket: string) =>
  async (key: string): Promise<void> => {
    try {
      await s3.send(
        new RestoreObjectCommand({
          Bucket: bucket,
          Key: key,
          RestoreRequest: { Days: RESTORED_DAYS, GlacierJobParameters: { Tier: 'Bulk' } },
        }),
      )
    } catch (error) {
      if (!(error instanceof Error && error.name === 'RestoreAlreadyInProgress')) throw error
    }
  }
