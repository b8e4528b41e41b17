import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mqtt, { type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'
import { readDrives } from '../fixtures/drives/read-drives.ts'

const dir = mkdtempSync(join(tmpdir(), 'telltale-fleet-'))
const road = fileURLToPath(new URL('../../examples/road/monaco.osm.gz', import.meta.url))
let box: Box
let client: MqttClient

beforeAll(async () => {
  box = await startBox({
    ...boxDefaults,
    dir,
    mqttPort: 0,
    httpsPort: 0,
    httpPort: 0,
    road,
    notifiers: [],
    version: 'test',
    log: () => {},
  })
  for (const thing of ['van-1', 'van-2']) await box.devices.put({ thing, trade: 'fleet', type: 'vehicle', status: 'active', attributes: {} }, 'test') // prettier-ignore
  client = await connect('van-1')
})
afterAll(async () => {
  await client.endAsync()
  await box.close()
  rmSync(dir, { recursive: true, force: true })
})

async function connect(thing: string): Promise<MqttClient> {
  const { certificatePem, privateKeyPem } = await box.devices.issue(thing)
  return mqtt.connectAsync(box.mqttUrl, {
    clientId: thing,
    cert: certificatePem,
    key: privateKeyPem,
    ca: box.rootPem,
  })
}

const ask = async (path: string) => {
  const answer = await fetch(box.url + path, { headers: { authorization: `Bearer ${box.token}` } })
  expect(answer.status).toBe(200)
  return (await answer.json()) as { items: Record<string, unknown>[]; rows: unknown[][]; simplified: boolean }
}

describe('a fleet on the box', () => {
  it('cuts drives that came through MQTT into trips, with track and live position', async () => {
    const rows = readDrives()
    const sent: Promise<unknown>[] = []
    for (let i = 0; i < rows.length; i += 25) {
      const pack = rows.slice(i, i + 25)
      const measures = {
        latitude: pack.map(({ lat }) => lat),
        longitude: pack.map(({ lon }) => lon),
        accelX: pack.map(({ accelX }) => accelX),
        accelY: pack.map(({ accelY }) => accelY),
      }
      const payload = { at: pack[0]!.at, offsets: pack.map(({ at }) => at - pack[0]!.at), measures }
      sent.push(client.publishAsync('dt/fleet/van-1/telemetry', JSON.stringify(payload), { qos: 1 }))
    }
    await Promise.all(sent)
    await box.repaired()
    const drives = [...Map.groupBy(rows, ({ drive }) => drive).values()]
    const range = (from: number, to: number) => `from=${from}&to=${to + 1}`
    const { items } = await ask(`/v1/fleet/vehicles/van-1/trips?${range(rows[0]!.at, rows.at(-1)!.at)}`)
    expect(items).toHaveLength(drives.length)
    expect(items.every(({ risk, open }) => typeof risk === 'number' && open === false)).toBe(true)
    const [first, last] = [drives[0]![0]!, drives[0]!.at(-1)!]
    const track = await ask(`/v1/fleet/vehicles/van-1/track?${range(first.at, last.at)}&points=50`)
    expect(track.rows).toHaveLength(50)
    expect(track.simplified).toBe(true)
    const positions = await ask('/v1/fleet/positions?bbox=-97,41,-95,42')
    expect(positions.rows.map((row) => row.slice(0, 2))).toEqual([['van-1', rows.at(-1)!.at]])
  })

  it('answers a request for a route with a command, from where the vehicle is', async () => {
    const van = await connect('van-2')
    await van.subscribeAsync('cmd/fleet/van-2/route/request', { qos: 1 })
    const answers: { id: string; payload: Record<string, unknown> }[] = []
    // A command comes at least once until it is acknowledged; its id says whether it is known.
    van.on('message', (_topic, body) => {
      const answer = JSON.parse(body.toString()) as (typeof answers)[number]
      if (!answers.some(({ id }) => id === answer.id)) answers.push(answer)
    })
    const answered = async (count: number): Promise<void> => {
      while (answers.length < count) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const request = (body: object) => van.publishAsync('dt/fleet/van-2/request/route', JSON.stringify(body), { qos: 1 }) // prettier-ignore
    const stops = [
      { id: 'larvotto', lat: 43.7465, lon: 7.4325, serviceS: 60 },
      { id: 'port', lat: 43.7352, lon: 7.4213 },
    ]
    await request({ stops })
    await answered(1)
    expect(answers[0]!.payload).toMatchObject({ code: 'no_position' })

    const here = { at: Date.now(), measures: { latitude: 43.7279, longitude: 7.4185 } }
    await van.publishAsync('dt/fleet/van-2/telemetry', JSON.stringify(here), { qos: 1 })
    await request({ stops, objective: 'fastest', vehicle: { heightM: 2.4 } })
    await answered(2)
    const { payload } = answers[1]!
    expect((payload['stops'] as { id: string }[]).map(({ id }) => id).sort()).toEqual(['larvotto', 'port'])
    expect(payload['distanceM']).toBeGreaterThan(1000)
    expect((payload['geometry'] as unknown[]).length).toBeGreaterThan(20)

    await request({ objective: 'scenic' })
    await answered(3)
    expect(answers[2]!.payload).toMatchObject({ code: 'bad_request' })
    await van.endAsync()
  })
})
