import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { emptyLine, type ModelLine } from '../../../core/maintenance/model-versions.ts'
import type { ModelRegistry } from '../../../ports/model-registry.ts'
import { isConflict, number, text, toItem, type Dynamo } from '../dynamo/item.ts'
import type { S3 } from '../lake/lake-files.ts'
import { modelArtifact } from '../sagemaker/model-artifact.ts'
import { artifactOf } from '../sagemaker/sagemaker-model-host.ts'

export interface S3ModelRegistryOptions {
  s3: S3
  bucket: string
  dynamo: Dynamo
  /** The table of configuration: a model's line is of the kind `model`. */
  table: string
}

/** Prefix of what a multi-model endpoint loads: its ModelDataUrl, less the bucket. */
export const ARTIFACTS = 'models/artifacts'

/** Model files in S3, each written once; which of them scores, in DynamoDB, saved only over what was read. */
export function s3ModelRegistry({ s3, bucket, dynamo, table }: S3ModelRegistryOptions): ModelRegistry {
  const keyOf = (name: string, version: number): string => {
    // Threat: a name with a path in it would reach another prefix of the bucket.
    if (!/^[\w-][\w.-]{0,63}$/.test(name))
      throw new Error(`model name ${name} must be up to 64 letters, digits, dots, dashes and underscores`)
    return `models/${name}/v${version}.json`
  }
  return {
    line: async (name) => {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({
          TableName: table,
          Key: toItem({ kind: 'model', version: name }),
          ConsistentRead: true,
        }),
      )
      if (!item) return { line: emptyLine, revision: 0 }
      return { line: JSON.parse(text(item, 'line')) as ModelLine, revision: number(item, 'revision') }
    },
    saveLine: async (name, line, revision) => {
      try {
        await dynamo.send(
          new PutItemCommand({
            TableName: table,
            Item: toItem({
              kind: 'model',
              version: name,
              line: JSON.stringify(line),
              revision: revision + 1,
            }),
            ConditionExpression: revision === 0 ? 'attribute_not_exists(revision)' : 'revision = :r',
            ...(revision > 0 && { ExpressionAttributeValues: { ':r': { N: String(revision) } } }),
          }),
        )
        return true
      } catch (error) {
        if (isConflict(error)) return false
        throw error
      }
    },
    putModel: async (name, version, body) => {
      // AWS: with IfNoneMatch a key is written once; the second one is refused with 412.
      try {
        await s3.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: keyOf(name, version),
            Body: body,
            ContentType: 'application/json',
            IfNoneMatch: '*',
          }),
        )
      } catch (error) {
        if (error instanceof Error && error.name === 'PreconditionFailed') return false
        throw error
      }
      // After the file, whose one writer it follows; before the entry, so that what scores has one.
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `${ARTIFACTS}/${artifactOf(name, version)}`,
          Body: modelArtifact(body),
          ContentType: 'application/gzip',
        }),
      )
      return true
    },
    getModel: async (name, version) => {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(name, version) }))
        return (await Body?.transformToString()) ?? null
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return null
        throw error
      }
    },
  }
}
