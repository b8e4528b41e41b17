import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SageMakerRuntimeClient, type InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvBodies, parseScores } from '../../../src/adapters/aws/sagemaker/csv-contract.ts'
import { modelArtifact } from '../../../src/adapters/aws/sagemaker/model-artifact.ts'
import { artifactOf, sagemakerModelHost } from '../../../src/adapters/aws/sagemaker/sagemaker-model-host.ts'
import { ARTIFACTS, s3ModelRegistry } from '../../../src/adapters/aws/trades/s3-model-registry.ts'
import { fileModelRegistry } from '../../../src/adapters/local/file-model-registry.ts'
import { featureMatrix } from '../../../src/core/maintenance/feature-matrix.ts'
import { treeScorer } from '../../../src/core/maintenance/tree-scorer.ts'
import { trainDeviceModel } from '../../../src/core/maintenance/device-task.ts'
import { addVersion, promote } from '../../../src/core/maintenance/model-versions.ts'
import { readXgboostModel, writeXgboostModel } from '../../../src/core/maintenance/xgboost-model.ts'
import { modelHostOf } from '../../../lambdas/jobs/model-host.ts'
import { failingPumps, HOUR, modelHostContract } from '../../contracts/model-host.ts'

/**
 * A multi-model endpoint that answers as the built-in container does (sagemaker-xgboost-container 1.7,
 * algorithm_mode/handler_service.py and encoder.py): rows of bare numbers, `nan` or nothing for what is missing, scores
 * in one line. It knows columns by their place alone.
 */
const registryDir = mkdtemp(join(tmpdir(), 'telltale-sagemaker-'))
let server: Server
let url: string
const requests: { target: string; type: string; accept: string; lines: number }[] = []
beforeAll(async () => {
  const registry = fileModelRegistry(await registryDir)
  const answer = async (target: string, body: string): Promise<string> => {
    const [, name, version] = /^(.+)-v(\d+)\.tar\.gz$/.exec(target)!
    const model = readXgboostModel((await registry.getModel(name!, Number(version)))!)
    const rows = body.split('\n').map((line) => line.split(',').map((cell) => (cell === '' || cell === 'nan' ? NaN : Number(cell)))) // prettier-ignore
    if (rows.some((row) => row.length !== model.featureNames.length)) throw new Error('feature size is not consistent') // prettier-ignore
    const columns = model.featureNames.map((of, i) => [of, rows.map((row) => row[i]!)] as const)
    return Array.from(treeScorer(model).predict(featureMatrix(Object.fromEntries(columns)))[0]!).join(',')
  }
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const header = (name: string) => String(request.headers[name])
      const target = header('x-amzn-sagemaker-target-model')
      requests.push({ target, type: header('content-type'), accept: header('accept'), lines: body.split('\n').length }) // prettier-ignore
      answer(target, body).then(
        (text) => response.writeHead(200, { 'content-type': 'text/csv' }).end(text),
        (error: Error) => response.writeHead(400).end(error.message),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(await registryDir, { recursive: true })
})

const runtime = (): SageMakerRuntimeClient =>
  new SageMakerRuntimeClient({
    region: 'eu-central-1',
    endpoint: url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  })

modelHostContract('SageMaker built-in XGBoost', async (name) => {
  const registry = fileModelRegistry(await registryDir)
  return { registry, host: sagemakerModelHost({ runtime: runtime(), registry, name, endpoint: 'failure' }) }
})

describe('sagemakerModelHost', () => {
  it('asked for each version by its artifact, in the words of the container', () => {
    expect(requests.map(({ target }) => target)).toContain('pump-v2.tar.gz')
    for (const { type, accept } of requests) expect([type, accept]).toEqual(['text/csv', 'text/csv'])
  })
})

describe('modelHostOf', () => {
  const text = writeXgboostModel(trainDeviceModel(failingPumps(3), { horizonMs: 36 * HOUR, seed: 3 }).model)
  const rows = [
    { 'vibration.mean.24h': 9, 'age.hours': 0.5 },
    { 'vibration.mean.24h': 2, 'age.hours': 0.5 },
  ]

  it('scores behind MODEL_ENDPOINT where the deployment has one, else in the function, and both alike', async () => {
    const registry = fileModelRegistry(await registryDir)
    expect(await registry.putModel('failure', 1, text)).toBe(true)
    const { line, revision } = await registry.line('failure')
    const promoted = promote(addVersion(line, 1, {}), 1, 10)
    if (promoted.kind === 'refused') throw new Error(promoted.reason)
    await registry.saveLine('failure', promoted.line, revision)

    const before = requests.length
    const here = await modelHostOf('', registry, () => {
      throw new Error('nobody may be asked')
    }).score(rows)
    expect(requests.length).toBe(before)
    const asked: unknown[] = []
    const client = runtime()
    const send = async (command: InvokeEndpointCommand) => (asked.push(command.input.EndpointName), client.send(command)) // prettier-ignore
    const there = await modelHostOf('failure-prod', registry, () => ({ send }) as never).score(rows)
    expect(asked).toEqual(['failure-prod'])
    expect(requests.slice(before).map(({ target, lines }) => [target, lines])).toEqual([
      ['failure-v1.tar.gz', 2],
    ])
    expect(there).toMatchObject({ version: 1, horizonHours: 36 })
    expect(there!.probabilities).toHaveLength(2)
    for (const [i, p] of there!.probabilities.entries()) expect(p).toBeCloseTo(here!.probabilities[i]!, 6)
    expect(there!.probabilities[0]).toBeGreaterThan(there!.probabilities[1]!)
  })
})

describe('csvBodies', () => {
  it('splits what the container would not take, and loses no row', () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => ({ a: i, b: 1 / (i + 3), c: NaN }))
    const bodies = [...csvBodies(rows, ['b', 'missing', 'a', 'c', 'b', 'b', 'b', 'b'])]
    expect(bodies.length).toBeGreaterThan(1)
    expect(bodies.reduce((sum, body) => sum + body.rows, 0)).toBe(60_000)
    for (const { body } of bodies) expect(body.byteLength).toBeLessThan(5_242_880)
    expect(new TextDecoder().decode(bodies[0]!.body).split('\n')[1]).toBe(
      '0.25,nan,1,nan,0.25,0.25,0.25,0.25',
    )
  })
})

describe('parseScores', () => {
  it('reads scores in a line or in lines', () => {
    expect(parseScores('0.25,0.5')).toEqual([0.25, 0.5])
    expect(parseScores('0.25\n1e-05\n')).toEqual([0.25, 0.00001])
  })
  it('refuses what is no probability', () => {
    for (const text of ['[0.1, 0.9],[0.2, 0.8]', 'Unable to load model', '1.5', 'nan'])
      expect(() => parseScores(text)).toThrow(/where a probability was due/)
  })
})

describe('modelArtifact', () => {
  it('is what tar reads: one file of the name that the container loads, and the same bytes each time', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'telltale-artifact-'))
    try {
      const text = `{"learner": "${'é'.repeat(700)}"}`
      const file = join(dir, 'model.tar.gz')
      await writeFile(file, modelArtifact(text))
      const tar = (...args: string[]): string => execFileSync('tar', args, { encoding: 'utf8' })
      expect(tar('-tzf', file)).toBe('xgboost-model\n')
      expect(tar('-xzOf', file)).toBe(text)
      expect(modelArtifact(text)).toEqual(modelArtifact(text))
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})

describe('s3ModelRegistry', () => {
  it('leaves the artifact of a version beside its file, of the one that was first only', async () => {
    const objects = new Map<string, unknown>()
    const send = async ({ input: { Key, Body, IfNoneMatch } }: { input: { Key: string; Body: unknown; IfNoneMatch?: string } }) => {
      if (IfNoneMatch === '*' && objects.has(Key)) throw Object.assign(new Error('exists'), { name: 'PreconditionFailed' })
      objects.set(Key, Body)
    } // prettier-ignore
    const registry = s3ModelRegistry({ s3: { send } as never, bucket: 'lake', dynamo: {} as never, table: 'Config' }) // prettier-ignore
    expect([await registry.putModel('failure', 3, '1'), await registry.putModel('failure', 3, '2')]).toEqual([true, false]) // prettier-ignore
    expect([...objects.keys()]).toEqual([
      'models/failure/v3.json',
      `${ARTIFACTS}/${artifactOf('failure', 3)}`,
    ])
    expect(objects.get('models/artifacts/failure-v3.tar.gz')).toEqual(modelArtifact('1'))
  })
})
