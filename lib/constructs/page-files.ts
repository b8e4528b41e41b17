import { readdirSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { CustomResource, Duration } from 'aws-cdk-lib'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Config, Env as PageFilesEnv } from '../../lambdas/page-files/env.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'

export interface PageFilesProps {
  /** The built page; it travels inside the function that puts it into the bucket. */
  folder: string
  bucket: IBucket
  /** What the page is told about where it runs (`config.json`). Texts only: CloudFormation hands on nothing else. */
  config: Config
  ops: Operations
}

/** Puts the built page into its bucket whenever one of its files has changed. */
export class PageFiles extends Construct {
  constructor(scope: Construct, id: string, props: PageFilesProps) {
    super(scope, id)
    const fn = new NodeFunction<PageFilesEnv>(this, 'Function', {
      name: 'page-files',
      description: 'Puts the built page into its bucket',
      memoryMiB: 512,
      timeout: Duration.minutes(5),
      ops: props.ops,
      files: props.folder,
      env: { PAGE_BUCKET: props.bucket.bucketName },
    })
    fn.allow(['s3:ListBucket'], [props.bucket.bucketArn])
    fn.allow(['s3:PutObject', 's3:DeleteObject'], [props.bucket.arnForObjects('*')])
    new CustomResource(this, 'Files', {
      serviceToken: fn.lambda.functionArn,
      resourceType: 'Custom::TelltalePageFiles',
      properties: { digest: digestOf(props.folder), config: props.config },
    })
  }
}

/** One digest of all names and contents below a folder. */
export function digestOf(folder: string): string {
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
  for (const file of files) hash.update(file.slice(folder.length)).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}
