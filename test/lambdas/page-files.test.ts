import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteObjectsCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { customResource, type CustomResourceEvent } from '../../lambdas/middleware/custom-resource.ts'
import { putPage } from '../../lambdas/page-files/put-page.ts'
import { digestOf } from '../../lib/constructs/page-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'telltale-page-'))
mkdirSync(join(folder, 'assets'))
writeFileSync(join(folder, 'index.html'), '<!doctype html>')
writeFileSync(join(folder, 'assets', 'main-1a2b.js'), 'export {}')
afterAll(() => rmSync(folder, { recursive: true }))

const client = new S3Client({ region: 'eu-central-1' })
const s3 = mockClient(client)
beforeEach(() => {
  s3.reset()
  s3.on(ListObjectsV2Command).resolves({ Contents: [{ Key: 'index.html' }, { Key: 'assets/main-old.js' }] })
})

describe('putPage', () => {
  it('puts every file with its type, the entry page last, and takes away what is not of this page', async () => {
    expect(await putPage(client, 'bucket', folder, { form: 'none' })).toEqual({ put: 3, removed: 1 })
    const puts = s3.commandCalls(PutObjectCommand).map((call) => call.args[0].input)
    expect(puts.map((p) => p.Key)).toEqual(['config.json', 'assets/main-1a2b.js', 'index.html'])
    expect(puts[0]?.Body).toBe('{"form":"none"}')
    expect(puts[1]).toMatchObject({
      ContentType: 'text/javascript; charset=utf-8',
      CacheControl: expect.stringContaining('immutable') as unknown,
    })
    expect(puts[2]).toMatchObject({ ContentType: 'text/html; charset=utf-8', CacheControl: 'no-cache' })
    expect(s3.commandCalls(DeleteObjectsCommand)[0]?.args[0].input.Delete?.Objects).toEqual([
      { Key: 'assets/main-old.js' },
    ])
  })
})

describe('digestOf', () => {
  it('changes with a file’s content and with its name', () => {
    const before = digestOf(folder)
    writeFileSync(join(folder, 'assets', 'main-1a2b.js'), 'export default 1')
    const changed = digestOf(folder)
    writeFileSync(join(folder, 'new.txt'), '')
    expect(new Set([before, changed, digestOf(folder)]).size).toBe(3)
  })
})

describe('customResource', () => {
  const event: CustomResourceEvent = {
    RequestType: 'Update',
    ResponseURL: 'https://answer.example/x',
    StackId: 's',
    RequestId: 'r',
    LogicalResourceId: 'Files',
    PhysicalResourceId: 'before',
    ResourceProperties: {},
  }
  const answerOf = async (act: () => Promise<void>, given = event): Promise<unknown> => {
    let answer: unknown
    await customResource(act, (url, body) => {
      expect(url).toBe(event.ResponseURL)
      answer = JSON.parse(body)
      return Promise.resolve()
    })(given)
    return answer
  }

  it('says that it went well under the id it had, so that nothing is replaced', async () => {
    expect(await answerOf(() => Promise.resolve())).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'before',
    })
  })

  it('answers even when the work fails, with the reason', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { PhysicalResourceId: _, ...first } = event
    const answer = await answerOf(() => Promise.reject(new Error('no bucket')), {
      ...first,
      RequestType: 'Create',
    })
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'no bucket', PhysicalResourceId: 'Files' })
  })
})
