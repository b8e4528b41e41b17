import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mqtt from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireIdentity } from '../../src/cli/support/certificates.ts'
import { connectDevice } from '../../src/cli/support/device-connection.ts'
import { openTestBox, runTelltale, spawnTelltale, type TestBox } from './box-fixture.ts'

const bin = fileURLToPath(new URL('../../bin/telltale.js', import.meta.url))
let test: TestBox
beforeAll(async () => {
  test = await openTestBox()
})
afterAll(() => test.stop())

const json = async <T>(...args: string[]): Promise<T> => {
  const { code, stdout, stderr } = await test.telltale(...args, '--json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as T
}

describe('telltale', () => {
  it('puts a device out of service and back, and keeps what else is registered of it', async () => {
    const types = fileURLToPath(new URL('../../examples/types/motor.json', import.meta.url))
    await json('devices', 'add', 'm-9', '--type', 'motor', '--type-file', types, '--site', 'north')
    await json('devices', 'status', 'm-9', 'suspended')
    await json('devices', 'add', 'm-9', '--type', 'motor', '--site', 'north')
    expect(await json('devices', 'show', 'm-9')).toMatchObject({ status: 'suspended', site: 'north' })
    await json('devices', 'status', 'm-9', 'active')
    expect(await json('devices', 'show', 'm-9')).toMatchObject({ status: 'active', site: 'north' })
    expect((await test.telltale('devices', 'status', 'm-9', 'broken')).stderr).toContain('status')
    await json('devices', 'remove', 'm-9')
  })

  it('puts a type of a file, shows it so that it can be put again, and counts what is new only', async () => {
    const file = fileURLToPath(new URL('../../examples/types/pump.json', import.meta.url))
    const first = await json<{ type: { version: number } }>('types', 'put', 'cli-pump', file)
    const shown = await test.telltale('types', 'show', 'cli-pump')
    const own = join(test.dir, 'cli-pump.json')
    writeFileSync(own, shown.stdout)
    const again = await json<{ type: { version: number } }>('types', 'put', 'cli-pump', own)
    expect([first.type.version, again.type.version]).toEqual([1, 1])
    writeFileSync(own, '{"trade":"plant","measures":{"flow":{"unit":"furlong per fortnight"}}}')
    expect(await test.telltale('types', 'put', 'cli-pump', own)).toMatchObject({ code: 1, stderr: expect.stringContaining('no UCUM unit') as string }) // prettier-ignore
    expect(await test.telltale('types', 'put', 'cli-pump', join(test.dir, 'none'))).toMatchObject({ code: 6 })
    expect((await test.telltale('types', 'list')).stdout).toContain('cli-pump')
  })

  it('registers a device in the trade of its type, and says which types there are', async () => {
    const types = fileURLToPath(new URL('../../examples/types/vehicle.json', import.meta.url))
    const add = ['devices', 'add', 'v-1', '--type', 'vehicle'] as const
    const unknown = await test.telltale(...add)
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no type vehicle') as string }) // prettier-ignore
    expect(await json(...add, '--type-file', types)).toMatchObject({ device: { trade: 'fleet' } })
    expect(await json(...add)).toMatchObject({ device: { trade: 'fleet' } })
  })

  it('registers a device, issues a certificate that connects, shows what came, and cuts it off when revoked', async () => {
    const types = fileURLToPath(new URL('../../examples/types/motor.json', import.meta.url))
    await json('devices', 'add', 'm-1', '--type', 'motor', '--type-file', types, '--attribute', 'line=A')
    const certs = join(test.dir, 'out')
    const { endpoint } = await json<{ endpoint: string }>(
      'devices',
      'credential',
      'issue',
      'm-1',
      '--out',
      certs,
    )
    const { certificate: cert, key, ca } = requireIdentity(certs, 'm-1')
    const client = await mqtt.connectAsync(endpoint, { clientId: 'm-1', cert, key, ca, reconnectPeriod: 0 })
    const at = Date.now()
    await client.publishAsync(
      'dt/plant/m-1/telemetry',
      JSON.stringify({ at, measures: { temperature: 120 } }),
      { qos: 1 },
    )
    await client.publishAsync('dt/plant/m-1/telemetry', '{"at": 1', { qos: 1 })
    await test.box.settled()

    const latest = await json<{ items: object[] }>('query', 'latest', 'm-1')
    expect(latest.items).toMatchObject([
      { thing: 'm-1', values: [{ measure: 'temperature', value: 120, at }] },
    ])
    const readings = await json<{ items: object[] }>(
      'query',
      'readings',
      'm-1',
      '--from',
      '5m',
      '--to',
      String(at + 1),
    )
    expect(readings.items).toMatchObject([{ value: 120, quality: 'outOfRange' }])
    const alarms = await json<{ items: object[] }>('query', 'alarms')
    expect(alarms.items).toMatchObject([{ thing: 'm-1', key: 'temperature', severity: 'critical' }])
    const anomalies = await json<{ items: object[] }>('query', 'anomalies', 'm-1', '--from', '5m', '--to', String(at + 1)) // prettier-ignore
    expect(anomalies.items).toMatchObject([{ detector: 'high', observed: 120 }])

    const list = await json<{ items: { id: string }[] }>('quarantine', 'list')
    expect(list.items).toMatchObject([{ client: 'm-1', reason: 'bad_json' }])
    const { id } = list.items[0]!
    const fixed = JSON.stringify({ at: at + 1, measures: { temperature: 20 } })
    await json('quarantine', 'replay', id, '--payload', fixed)
    await test.box.settled()
    expect(await json('query', 'latest', 'm-1')).toMatchObject({ items: [{ values: [{ value: 20 }] }] })
    expect(await json('quarantine', 'list')).toMatchObject({ items: [] })

    for (let i = 0; i < 5; i++) await client.publishAsync('dt/plant/m-1/telemetry', `{"at": ${i}`, { qos: 1 })
    await test.box.settled()
    expect(await json('quarantine', 'replay', '--all', '--client', 'm-1')).toEqual({ replayed: 5 })
    await test.box.settled()
    expect(await json('quarantine', 'discard', '--all', '--reason', 'bad_json')).toEqual({ discarded: 5 })
    expect((await test.telltale('quarantine', 'replay')).code).toBe(2)
    expect((await test.telltale('quarantine', 'list', '--reason', 'mood')).code).toBe(2)

    const gone = new Promise<void>((resolve) => client.once('close', resolve))
    expect(await json('devices', 'revoke', 'm-1')).toMatchObject({ revoked: [{ status: 'revoked' }] })
    await gone
    await expect(connectDevice(endpoint, requireIdentity(certs, 'm-1'))).rejects.toThrow('did not let m-1 in')
    const metrics = await fetch(`${test.box.url}/metrics`, {
      headers: { authorization: `Bearer ${test.box.token}` },
    })
    expect(await metrics.text()).toMatch(/^telltale_refused_total\{reason="certificate_revoked"\} [1-9]/m)
    expect(await json('devices', 'show', 'm-1')).toMatchObject({ attributes: { line: 'A' }, credentials: [{ status: 'revoked' }] }) // prettier-ignore
  })

  it('simulates a scenario and finds the fault that it holds', async () => {
    const file = join(test.dir, 'scenario.json')
    const machines = [
      { thing: 'p-1', kind: 'pump' },
      { thing: 'p-2', kind: 'pump' },
    ]
    const faults = [{ thing: 'p-2', mode: 'cavitation', afterS: 60, growS: 30, lastsS: 200 }]
    writeFileSync(
      file,
      JSON.stringify({ name: 'e2e', seed: 1, sampleMs: 1000, messageMs: 5000, machines, faults }),
    )
    const run = await json<{ messages: number; acknowledged: number; score: object }>(
      'simulate',
      '--scenario',
      file,
      '--speed',
      '300',
      '--duration',
      '300',
      '--score', // prettier-ignore
    )
    expect(run.messages).toBeGreaterThan(110)
    expect(run.acknowledged).toBe(run.messages)
    expect(run.score).toMatchObject({
      alarms: { found: 1, falseFindings: 0 },
      anomalies: { found: 1, falseFindings: 0 },
    })
  })

  it('ends with the code that docs/cli.md promises, and one JSON document where it was asked for', async () => {
    const nobody = mkdtempSync(join(tmpdir(), 'telltale-none-'))
    const ports = ['--port', '0', '--mqtt-port', '0', '--https-port', '0', '--data', test.dir]
    const [usage, inUse] = await Promise.all([spawnTelltale(['replay']), spawnTelltale(['up', ...ports])])
    const unreachable = await runTelltale(['query', 'alarms', '--data', nobody, '--json'])
    const denied = await test.telltale('query', 'alarms', '--token', 'wrong', '--json')
    const incomplete = await runTelltale(['query', 'latest', '--json'])
    const badInput = await test.telltale('replay', join(nobody, 'none.csv'), '--device', 'x', '--json')
    rmSync(nobody, { recursive: true })
    expect([usage, incomplete, unreachable, inUse, denied, badInput].map(({ code }) => code)).toEqual([
      2, 2, 3, 4, 5, 6,
    ])
    for (const { json } of [incomplete, unreachable, denied, badInput])
      expect(json).toHaveProperty('error.message')
    expect(inUse.stderr).toMatch(/is in use by process \d+; stop it/)
  })

  it('says that it is healthy, and that its windows are what its readings say', async () => {
    expect(await json('doctor')).toMatchObject({ healthy: true })
    expect((await test.telltale('rebuild', '--dry-run')).code).toBe(4)
  })
})

describe('telltale up', () => {
  it('tells where it is, serves, names a port that is taken, and stops cleanly on SIGTERM', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'telltale-up-'))
    const free = ['--mqtt-port', '0', '--https-port', '0', '--data', dir]
    const child = spawn(process.execPath, [bin, 'up', '--json', '--port', '0', ...free], { stdio: ['ignore', 'pipe', 'pipe'] }) // prettier-ignore
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const { url, token, link } = JSON.parse(line.toString()) as Record<string, string>
    expect(link).toBe(`${url}/#token=${token}`)
    const answer = await fetch(`${url}/v1/health`, { headers: { authorization: `Bearer ${token}` } })
    expect(await answer.json()).toMatchObject({ status: 'ok' })

    const other = mkdtempSync(join(tmpdir(), 'telltale-up-'))
    const port = new URL(url!).port
    const taken = await runTelltale([
      'up',
      '--port',
      port,
      '--mqtt-port',
      '0',
      '--https-port',
      '0',
      '--data',
      other,
    ])
    expect(taken.code).toBe(4)
    expect(taken.stderr).toContain(`port ${port} is in use`)

    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    const rebuilt = await runTelltale(['rebuild', '--dry-run', '--json', '--data', dir])
    expect(rebuilt.json).toMatchObject({ different: 0, missing: 0 })
    for (const folder of [dir, other]) rmSync(folder, { recursive: true })
  })
})
