// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-argument, typescript/no-unsafe-return, typescript/no-explicit-any */
import { once } from 'node:events'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateKeys, privateKeyPem, signRequest } from '../../src/adapters/local/ca/x509.ts'
import { startDeviceBox, until, type Credential, type DeviceBox } from './device-box.ts'

let box: DeviceBox
beforeAll(async () => {
  box = await startDeviceBox()
})
afterAll(() => box.close())

const closed = (client: { once(event: 'close', done: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => client.once('close', () => resolve()))
const csv = (rows: string): Promise<{ status: number; body: Record<string, unknown> }> =>
  box.api('POST', '/v1/devices/import', { csv: rows })

describe('registration', () => {
  it('takes a list, reports faulty rows by line, and goes on where it stopped', async () => {
    const list =
      'thing,trade,type,site,gateway,attribute.line\n' +
      'sensor-1,plant,motor,north,gw-1,a\n' +
      'gw-1,plant,motor,north,,\n' +
      'bad name,plant,motor,,,\n' +
      'sensor-2,boat,motor,,,\n' +
      'sensor-3,plant,rocket,,,\n' +
      'sensor-4,plant,motor,,nobody,\n'
    const first = await csv(list)
    expect(first.body).toMatchObject({ registered: 2, replaced: 0, unchanged: 0 })
    expect((first.body['errors'] as { line: number }[]).map(({ line }) => line)).toEqual([4, 5, 6, 7])
    expect((await csv(list)).body).toMatchObject({ registered: 0, unchanged: 2 })
    expect((await csv(list.replace(',a\n', ',b\n'))).body).toMatchObject({ replaced: 1, unchanged: 1 })
    expect((await box.api('GET', '/v1/devices?tag=line=b')).body.items).toMatchObject([
      { thing: 'sensor-1', gateway: 'gw-1' },
    ])
    expect((await box.api('GET', '/v1/devices?gateway=gw-1')).body.items).toHaveLength(1)
  })

  it('puts nothing back into service that a list or a body says nothing of', async () => {
    const list = 'thing,trade,type\nlost-1,plant,motor\n'
    const status = async () => (await box.api('GET', '/v1/devices/lost-1')).body.status as string
    await csv(list)
    expect(await status()).toBe('active')
    const body = { trade: 'plant', type: 'motor' }
    for (const now of ['suspended', 'retired']) {
      await box.api('PUT', '/v1/devices/lost-1', { ...body, status: now })
      expect((await csv(list)).body).toMatchObject({ unchanged: 1 })
      expect((await box.api('PUT', '/v1/devices/lost-1', { ...body, site: 'north' })).body.device.status).toBe(now) // prettier-ignore
      expect(await status()).toBe(now)
      await box.api('PUT', '/v1/devices/lost-1', body)
    }
    expect((await csv('thing,trade,type,status\nlost-1,plant,motor,active\n')).body).toMatchObject({
      replaced: 1,
    })
    expect(await status()).toBe('active')
  })

  it('signs a request, and says what is wrong with one', async () => {
    await csv('thing,trade,type\ncsr-1,plant,motor\n')
    const keys = await generateKeys()
    const signed = await box.api('POST', '/v1/devices/csr-1/credentials/sign', {
      csr: await signRequest(keys, 'x'),
    })
    expect(signed.status).toBe(201)
    const client = await box.connect('csr-1', { ...signed.body, privateKeyPem: await privateKeyPem(keys) })
    await client.endAsync()
    const bad = await box.api('POST', '/v1/devices/csr-1/credentials/sign', { csr: 'x' })
    expect(bad).toMatchObject({ status: 422, body: { code: 'bad_signing_request' } })
  })
})

describe('certificates', () => {
  it('overlap when they are rotated, and the old one ends', async () => {
    await (await box.device('rot-1')).endAsync()
    const old = await box.devices.issue('rot-1')
    const rotated = await box.api('POST', '/v1/devices/rot-1/credentials/rotate', { overlapS: 3600 })
    expect(rotated.status).toBe(201)
    expect(rotated.body.retires).toHaveLength(2)
    await (await box.connect('rot-1', old)).endAsync()
    const fresh = await box.connect('rot-1', rotated.body as Credential)
    await fresh.endAsync()
    const live = await box.connect('rot-1', old)
    const gone = closed(live)
    const again = await box.api('POST', '/v1/devices/rot-1/credentials/rotate', { overlapS: 0 })
    await gone
    await expect(box.connect('rot-1', old)).rejects.toThrow()
    await expect(box.connect('rot-1', rotated.body as Credential)).rejects.toThrow()
    await (await box.connect('rot-1', again.body as Credential)).endAsync()
  })

  it('of a suspended device open nothing until it is active again, those of a deleted one never again', async () => {
    const live = await box.device('life-1')
    const spare = await box.devices.issue('life-1')
    const put = (status: string) =>
      box.api('PUT', '/v1/devices/life-1', { trade: 'plant', type: 'motor', status })
    const cut = closed(live)
    await put('suspended')
    await cut
    await expect(box.connect('life-1', spare)).rejects.toThrow()
    await put('active')
    const back = await box.connect('life-1', spare)
    const cutAgain = closed(back)
    await put('retired')
    await cutAgain
    await box.api('DELETE', '/v1/devices/life-1')
    await until(() => box.devices.credentialsOf('life-1').every((c) => c.status === 'revoked'))
    await put('active')
    await expect(box.connect('life-1', spare)).rejects.toThrow()
    const audit = (await box.api('GET', '/v1/audit?subject=life-1')).body.items as { action: string }[]
    expect(new Set(audit.map(({ action }) => action))).toEqual(new Set(['device.replace', 'device.remove', 'device.register', 'credential.revoke'])) // prettier-ignore
  })

  it('open nothing by a resumed TLS session once they are revoked', async () => {
    await (await box.device('res-1')).endAsync()
    const { certificatePem, privateKeyPem: key, fingerprint } = await box.devices.issue('res-1')
    const options = { port: box.ports.mqtt, host: '127.0.0.1', servername: 'localhost', ca: box.rootPem, cert: certificatePem, key, ALPNProtocols: ['mqtt'] } // prettier-ignore
    const handshake = async (session?: Buffer): Promise<{ socket: TLSSocket; session: Buffer }> => {
      const socket = connectTls({ ...options, ...(session && { session }) })
      socket.on('error', () => undefined)
      const [ticket] = (await once(socket, 'session')) as [Buffer]
      return { socket, session: ticket }
    }
    const first = await handshake()
    first.socket.destroy()
    await box.api('DELETE', `/v1/devices/res-1/credentials/${fingerprint}`)
    const resumed = connectTls({ ...options, session: first.session })
    resumed.on('error', () => undefined)
    await once(resumed, 'close')
    expect(box.devices.byFingerprint(fingerprint)?.credential.status).toBe('revoked')
  })
})

describe('endingBefore', () => {
  it('names active devices whose last certificate runs out, and no others', async () => {
    await (await box.device('end-1')).endAsync()
    const { notAfter } = box.devices.credentialsOf('end-1')[0]!
    expect(box.devices.endingBefore(notAfter + 1)).toContain('end-1')
    expect(box.devices.endingBefore(notAfter)).not.toContain('end-1')
    await box.api('PUT', '/v1/devices/end-1', { trade: 'plant', type: 'motor', status: 'retired' })
    expect(box.devices.endingBefore(notAfter + 1)).not.toContain('end-1')
  })
})

describe('groups and places', () => {
  it('search by group, and find the nearest', async () => {
    await csv(
      'thing,trade,type,latitude,longitude\np1,plant,motor,50,7\np2,plant,motor,50.1,7\np3,plant,motor,51,7\n',
    )
    await box.api('POST', '/v1/groups/pilots/members', { things: ['p1', 'p3'] })
    expect((await box.api('GET', '/v1/devices?group=pilots')).body.items.map((d: { thing: string }) => d.thing)).toEqual(['p1', 'p3']) // prettier-ignore
    await box.api('DELETE', '/v1/devices/p1')
    await until(async () => (await box.api('GET', '/v1/groups')).body.items[0].devices === 1)
    const near = (await box.api('GET', '/v1/nearest?latitude=50.05&longitude=7&limit=2&withinM=200000')).body
      .items
    expect(near.map((d: { thing: string }) => d.thing)).toEqual(['p2', 'p3'])
  })
})

describe('presence on the box', () => {
  it('is online while it sends, and known to be away', async () => {
    const client = await box.device('pres-1')
    await client.publishAsync('dt/plant/pres-1/telemetry', JSON.stringify({ at: Date.now(), measures: { temperature: 20 } }), { qos: 1 }) // prettier-ignore
    const status = async () =>
      (await box.api('GET', '/v1/devices/pres-1/status')).body as Record<string, unknown>
    await until(async () => (await status())['lastDataAt'] !== null)
    expect(await status()).toMatchObject({ condition: 'online', connected: true, because: null })
    await client.endAsync()
    await until(async () => (await status())['connected'] === false)
    expect((await box.api('GET', '/v1/status?condition=never&limit=5')).body.items.length).toBeGreaterThan(0)
  })
})
