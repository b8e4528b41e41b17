// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-argument, typescript/no-unsafe-return, typescript/no-explicit-any */
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hearing, startDeviceBox, until, type DeviceBox } from './device-box.ts'

let box: DeviceBox
beforeAll(async () => {
  box = await startDeviceBox()
})
afterAll(() => box.close())

const give = (thing: string, body: object, token?: string) =>
  box.api('POST', `/v1/devices/${thing}/commands`, body, token)
const statusOf = async (id: string): Promise<string> =>
  (await box.api('GET', `/v1/devices/${id.split('/')[0]}/command?id=${encodeURIComponent(id)}`)).body
    .status as string
const answer = (client: MqttClient, thing: string, name: string, body: object) =>
  client.publishAsync(`cmd/plant/${thing}/${name}/response`, JSON.stringify(body), { qos: 1 })

describe('commands', () => {
  it('goes from queued over sent and acknowledged to succeeded, and is audited', async () => {
    const client = await box.device('m1')
    const { body: waiting } = await give('m1', { name: 'reboot', payload: { delay: 1 }, id: 'r1' })
    expect(waiting).toMatchObject({ id: 'm1/r1', status: 'queued', by: 'box' })
    const heard = await hearing(client, 'cmd/plant/m1/+/request')
    await until(() => heard.length === 1)
    expect(heard[0]).toMatchObject({
      topic: 'cmd/plant/m1/reboot/request',
      body: { id: 'm1/r1', payload: { delay: 1 } },
    })
    await until(async () => (await statusOf('m1/r1')) === 'sent')
    await answer(client, 'm1', 'reboot', { id: 'm1/r1', status: 'acknowledged' })
    expect(await statusOf('m1/r1')).toBe('acknowledged')
    await answer(client, 'm1', 'reboot', { id: 'm1/r1', status: 'succeeded', result: 'up again' })
    await answer(client, 'm1', 'reboot', { id: 'm1/r1', status: 'failed' })
    expect((await box.api('GET', '/v1/devices/m1/commands')).body.items[0]).toMatchObject({ status: 'succeeded', detail: 'up again' }) // prettier-ignore
    const audit = (await box.api('GET', '/v1/audit?subject=m1&action=command.give')).body.items as unknown[]
    expect(audit).toHaveLength(1)
    await client.endAsync()
  })

  it('refuses what no message can carry', async () => {
    await box.devices.put({ thing: 'large-1', trade: 'plant', type: 'motor', status: 'active', attributes: {} }, 'test') // prettier-ignore
    const give = async (bytes: number) =>
      (await box.api('POST', '/v1/devices/large-1/commands', { name: 'show', payload: 'ü'.repeat((bytes - 2) / 2) })).status // prettier-ignore
    expect([await give(64 * 1024), await give(64 * 1024 + 2)]).toEqual([201, 400])
  })

  it('keeps a hundred open commands of a device that is away and refuses the next, until one is over', async () => {
    await box.devices.put({ thing: 'away-1', trade: 'plant', type: 'motor', status: 'active', attributes: {} }, 'test') // prettier-ignore
    const all = await Promise.all(Array.from({ length: 110 }, (_, i) => give('away-1', { name: 'blink', id: `n${i}` }))) // prettier-ignore
    expect(all.filter(({ status }) => status === 201)).toHaveLength(100)
    const refused = all.filter(({ status }) => status !== 201)
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.code as string}`))).toEqual(new Set(['409 too_many_commands'])) // prettier-ignore
    expect(refused[0]!.body.detail).toContain('at most 100')
    const audit = (await box.api('GET', '/v1/audit?subject=away-1&action=command.refuse.full')).body.items as unknown[] // prettier-ignore
    expect(audit).toHaveLength(10)
    // One that was taken is still there to be asked for again, and other devices have their own count.
    const taken = all.find(({ status }) => status === 201)!.body.id as string
    expect((await give('away-1', { name: 'blink', id: taken.split('/')[1] })).status).toBe(201)
    expect((await give('large-1', { name: 'blink' })).status).toBe(201)
    const client = await box.device('away-1')
    await answer(client, 'away-1', 'blink', { id: taken, status: 'succeeded' })
    expect((await give('away-1', { name: 'blink', id: 'after' })).status).toBe(201)
    await client.endAsync()
  })

  it('shows as expired what is, before the minute comes that writes it down', async () => {
    await box.devices.put({ thing: 'late-1', trade: 'plant', type: 'motor', status: 'active', attributes: {} }, 'test') // prettier-ignore
    const { expiresAt } = (await give('late-1', { name: 'blink', id: 'l', expiresInS: 1 })).body
    expect(await statusOf('late-1/l')).toBe('queued')
    await until(async () => (await statusOf('late-1/l')) === 'expired')
    expect((await box.api('GET', '/v1/devices/late-1/commands')).body.items).toMatchObject([{ status: 'expired', finishedAt: expiresAt }]) // prettier-ignore
  })

  it('takes an id once, whoever asks again', async () => {
    const client = await box.device('m2')
    const heard = await hearing(client, 'cmd/plant/m2/+/request')
    const [first, again] = await Promise.all([
      give('m2', { name: 'blink', id: 'b' }),
      give('m2', { name: 'blink', id: 'b' }),
    ])
    expect([first.status, again.status]).toEqual([201, 201])
    await until(() => heard.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(heard).toHaveLength(1)
    await client.endAsync()
  })

  it('sends an at-most-once command never twice, another again until it is answered', async () => {
    const client = await box.device('m3')
    const first = await hearing(client, 'cmd/plant/m3/+/request')
    await give('m3', { name: 'dose', id: 'once', atMostOnce: true })
    await give('m3', { name: 'sync', id: 'often' })
    await until(() => first.length === 2)
    await until(async () => (await statusOf('m3/often')) === 'sent')
    await client.endAsync()
    const back = await box.connect('m3', await box.devices.issue('m3'))
    const second = await hearing(back, 'cmd/plant/m3/+/request')
    await until(() => second.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(second.map(({ body }) => (body as { id: string }).id)).toEqual(['m3/often'])
    await back.endAsync()
  })

  it('survives a restart while the device is away, and is not answered by another device', async () => {
    await (await box.device('m4')).endAsync()
    await give('m4', { name: 'later', id: 'l' })
    await box.restart()
    const other = await box.device('m5')
    await answer(other, 'm5', 'later', { id: 'm4/l', status: 'succeeded' })
    expect(await statusOf('m4/l')).toBe('queued')
    const client = await box.connect('m4', await box.devices.issue('m4'))
    const heard = await hearing(client, 'cmd/plant/m4/+/request')
    await until(() => heard.length === 1)
    await Promise.all([client.endAsync(), other.endAsync()])
  })

  it('reaches a device that comes back to its persistent session without subscribing again', async () => {
    await (await box.device('m8')).endAsync()
    const credential = await box.devices.issue('m8')
    const first = await box.connect('m8', credential, { clean: false })
    await hearing(first, 'cmd/plant/m8/+/request')
    await first.endAsync()
    await give('m8', { name: 'later', id: 'l' })
    const back = await box.connect('m8', credential, { clean: false })
    const heard: string[] = []
    back.on('message', (topic) => heard.push(topic))
    await until(() => heard.length === 1)
    expect(heard).toEqual(['cmd/plant/m8/later/request'])
    await back.endAsync()
  })

  it('lets go of an actuator by hand, and not for a machine while a person holds it', async () => {
    await (await box.device('m9')).endAsync()
    expect((await give('m9', { name: 'valve', payload: { value: 10 } })).status).toBe(201)
    const machine = { name: 'valve', manual: false }
    expect((await give('m9', { ...machine, payload: { value: 12 } })).body.detail).toContain('manual')
    expect((await give('m9', { ...machine, payload: { relinquish: true } })).body.detail).toContain('manual')
    expect((await give('m9', { name: 'valve', payload: { relinquish: true } })).status).toBe(201)
    expect((await give('m9', { ...machine, payload: { value: 12 } })).status).toBe(201)
    expect((await give('m9', { name: 'constructor', payload: {} })).status).toBe(201)
  })

  it('judges two orders at once one after the other', async () => {
    await (await box.device('m10')).endAsync()
    const values = [5, 95, 10, 90, 15, 85]
    const answers = await Promise.all(
      values.map((value) => give('m10', { name: 'valve', payload: { value } })),
    )
    const taken = values.filter((_, i) => answers[i]!.status === 201)
    expect(Math.max(...taken) - Math.min(...taken)).toBeLessThanOrEqual(50)
  })

  it('puts no answer into quarantine, nor what is none', async () => {
    const client = await box.device('m6')
    for (const payload of [
      'x',
      '{}',
      '{"id":1,"status":"succeeded"}',
      '{"id":"nobody","status":"succeeded"}',
    ])
      await client.publishAsync('cmd/plant/m6/reboot/response', payload, { qos: 1 })
    await box.settled()
    expect((await box.api('GET', '/v1/quarantine')).body.items).toEqual([])
    await client.endAsync()
  })

  it('does not tell a device again of an order that another one came after, or whose lease is over', async () => {
    const client = await box.device('overruled-1')
    const heard = await hearing(client, 'cmd/plant/overruled-1/+/request')
    const order = async (id: string, value: number, leaseS?: number) =>
      expect((await give('overruled-1', { name: 'valve', id, payload: { value }, ...(leaseS && { leaseS }) })).status).toBe(201) // prettier-ignore
    await order('first', 10)
    await until(() => heard.some(({ body }) => body['id'] === 'overruled-1/first'))
    await order('second', 12)
    await until(() => heard.some(({ body }) => body['id'] === 'overruled-1/second'))
    await answer(client, 'overruled-1', 'valve', { id: 'overruled-1/second', status: 'succeeded' })
    await client.endAsync()
    const back = await box.device('overruled-1')
    const again = await hearing(back, 'cmd/plant/overruled-1/+/request')
    expect((await give('overruled-1', { name: 'blink', id: 'after' })).status).toBe(201)
    await until(() => again.some(({ body }) => body['id'] === 'overruled-1/after'))
    expect(new Set(again.map(({ body }) => body['id']))).toEqual(new Set(['overruled-1/after']))
    await back.endAsync()

    await order('brief', 14, 1)
    await new Promise((resolve) => setTimeout(resolve, 1050)) // the lease
    const last = await box.device('overruled-1')
    const heardLast = await hearing(last, 'cmd/plant/overruled-1/+/request')
    await give('overruled-1', { name: 'blink', id: 'end' })
    await until(() => heardLast.some(({ body }) => body['id'] === 'overruled-1/end'))
    expect(heardLast.map(({ body }) => body['id'])).not.toContain('overruled-1/brief')
    await last.endAsync()
  })

  it('holds orders to actuators within range and rate', async () => {
    await (await box.device('m7')).endAsync()
    expect(await give('m7', { name: 'valve', payload: { value: 120 } })).toMatchObject({ status: 422, body: { code: 'interlocked' } }) // prettier-ignore
    expect((await give('m7', { name: 'valve', payload: { value: 10 } })).status).toBe(201)
    const leap = await give('m7', { name: 'valve', payload: { value: 90 } })
    expect(leap).toMatchObject({ status: 422, body: { code: 'interlocked' } })
    expect(leap.body.detail).toContain('rate')
    expect((await give('m7', { name: 'valve', payload: 'open' })).status).toBe(422)
  })
})
