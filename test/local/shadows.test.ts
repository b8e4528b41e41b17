// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-argument, typescript/no-unsafe-return, typescript/no-explicit-any */
import { iotshadow, mqtt as crt } from 'aws-iot-device-sdk-v2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hearing, startDeviceBox, until, type DeviceBox } from './device-box.ts'

let box: DeviceBox
beforeAll(async () => {
  box = await startDeviceBox()
})
afterAll(() => box.close())

const QOS = crt.QoS.AtLeastOnce

describe('shadows with aws-iot-device-sdk-v2', () => {
  it('answers get, update and delete, and tells a device what it still has to do', async () => {
    await (await box.device('m1')).endAsync()
    const credential = await box.devices.issue('m1')
    const connection = box.sdk('m1', credential)
    await connection.connect()
    const client = new iotshadow.IotShadowClient(connection)
    const heard: [string, unknown][] = []
    const note = (name: string) => (error?: Error, message?: unknown) =>
      void heard.push([name, error ?? message])
    const thingName = 'm1'
    await client.subscribeToUpdateShadowAccepted({ thingName }, QOS, note('accepted'))
    await client.subscribeToUpdateShadowRejected({ thingName }, QOS, note('rejected'))
    await client.subscribeToShadowDeltaUpdatedEvents({ thingName }, QOS, note('delta'))
    await client.subscribeToGetShadowAccepted({ thingName }, QOS, note('get'))
    await client.subscribeToGetShadowRejected({ thingName }, QOS, note('get rejected'))
    await client.subscribeToDeleteShadowAccepted({ thingName }, QOS, note('deleted'))
    const of = (name: string) => heard.filter(([kind]) => kind === name).map(([, message]) => message)

    await client.publishGetShadow({ thingName, clientToken: 'g' }, QOS)
    await until(() => of('get rejected').length === 1)
    expect(of('get rejected')[0]).toMatchObject({ code: 404, clientToken: 'g' })

    await client.publishUpdateShadow({ thingName, state: { reported: { level: 1 } }, clientToken: 'u' }, QOS)
    await until(() => of('accepted').length === 1)
    expect(of('accepted')[0]).toMatchObject({
      version: 1,
      clientToken: 'u',
      state: { reported: { level: 1 } },
    })

    const wish = await box.api('POST', '/v1/devices/m1/shadow', { state: { desired: { level: 5 } } })
    expect(wish.status).toBe(200)
    await until(() => of('delta').length === 1)
    expect(of('delta')[0]).toMatchObject({ version: 2, state: { level: 5 } })

    await client.publishUpdateShadow({ thingName, state: { reported: { level: 5 } }, version: 1 }, QOS)
    await until(() => of('rejected').length === 1)
    expect(of('rejected')[0]).toMatchObject({ code: 409, message: 'Version conflict' })
    await client.publishUpdateShadow({ thingName, state: { reported: { level: 5 } }, version: 2 }, QOS)
    await until(() => of('accepted').length === 3)
    expect(of('delta')).toHaveLength(1)

    await client.publishUpdateNamedShadow(
      { thingName, shadowName: 'config', state: { desired: { a: 1 } } },
      QOS,
    )
    await until(async () => (await box.desk.shadows.names('m1')).length === 2)
    expect(await box.desk.shadows.names('m1')).toEqual(['', 'config'])

    await client.publishDeleteShadow({ thingName }, QOS)
    await until(() => of('deleted').length === 1)
    expect((await box.api('GET', '/v1/devices/m1/shadow')).status).toBe(404)
    await connection.disconnect()
  })

  it('refuses a shadow of 8 KB and one byte, over MQTT and REST alike', async () => {
    const client = await box.device('m2')
    const heard = await hearing(client, '$aws/things/m2/shadow/update/+')
    const state = (bytes: number) => ({
      reported: { a: 'x'.repeat(bytes - JSON.stringify({ reported: { a: '' } }).length) },
    })
    await client.publishAsync('$aws/things/m2/shadow/update', JSON.stringify({ state: state(8193) }), {
      qos: 1,
    })
    await until(() => heard.length === 1)
    expect(heard[0]).toMatchObject({ topic: '$aws/things/m2/shadow/update/rejected', body: { code: 413 } })
    expect(await box.api('POST', '/v1/devices/m2/shadow', { state: state(8193) })).toMatchObject({ status: 413, body: { code: 'shadow_too_large' } }) // prettier-ignore
    expect((await box.api('POST', '/v1/devices/m2/shadow', { state: state(8192) })).status).toBe(200)
    await client.endAsync()
  })

  it('cuts a device that asks for another’s shadow', async () => {
    const client = await box.device('m3')
    const gone = new Promise<void>((resolve) => client.once('close', () => resolve()))
    await expect(client.subscribeAsync('$aws/things/m2/shadow/#', { qos: 1 })).rejects.toThrow()
    client.publish('$aws/things/m2/shadow/get', '', { qos: 1 })
    await gone
    client.end(true)
  })

  it('rejects what is no JSON, and survives it', async () => {
    const client = await box.device('m4')
    const heard = await hearing(client, '$aws/things/m4/shadow/update/+')
    for (const payload of ['', 'x', '[]', '{"state":1}', '\u0000', '{"state":{"desired":{"a":1}}}'])
      await client.publishAsync('$aws/things/m4/shadow/update', payload, { qos: 1 })
    await until(() => heard.length === 8)
    expect(heard.filter(({ topic }) => topic.endsWith('rejected'))).toHaveLength(5)
    await client.endAsync()
  })

  it('keeps shadows over a restart, with their versions', async () => {
    await box.desk.shadows.update('m4', '', { state: { desired: { b: 2 } } })
    await box.restart()
    expect(await box.desk.shadows.get('m4', '')).toMatchObject({
      version: 2,
      state: { desired: { a: 1, b: 2 } },
    })
  })
})
