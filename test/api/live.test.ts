import { afterEach, describe, expect, it } from 'vitest'
import type { LiveEvent } from '../../src/api/ports.ts'
import type { World } from './fixture/memory-ports.ts'
import { NOW } from './fixture/memory-ports.ts'
import { apiOver, world } from './fixture/world.ts'

interface Sent {
  id: string
  event: string
  data: Record<string, unknown>
}

const readers: ReadableStreamDefaultReader<Uint8Array>[] = []
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.cancel()
})

async function open(app: ReturnType<typeof apiOver>['app'], query = '', token = 'viewer', lastId?: string) {
  const response = await app.request(`/v1/live${query}`, {
    headers: { authorization: `Bearer ${token}`, ...(lastId !== undefined && { 'last-event-id': lastId }) },
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body!.getReader()
  readers.push(reader)
  const decoder = new TextDecoder()
  const chunk = async (): Promise<string | null> => {
    const read: { done: boolean; value?: Uint8Array } = await reader.read()
    return read.done ? null : decoder.decode(read.value)
  }
  const events = async (): Promise<Sent[]> =>
    ((await chunk()) ?? '')
      .split('\n\n')
      .filter((frame) => frame.includes('event: '))
      .map((frame) => {
        const fields = Object.fromEntries(
          frame
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
        )
        return {
          id: fields['id'] ?? '',
          event: fields['event'] ?? '',
          data: JSON.parse(fields['data'] ?? '{}') as Record<string, unknown>,
        }
      })
  return { reader, chunk, events }
}

const emit = (w: World, thing: string, value: number): void => {
  const event: LiveEvent = {
    kind: 'readings',
    thing,
    values: [{ measure: 't', at: NOW, value, trendPerMinute: null }],
  }
  for (const listener of w.listeners) listener(event)
}
const valueOf = ({ data }: Sent) => (data['values'] as { value: number }[])[0]?.value

describe('live', () => {
  it('greets, then sends readings and alarms as they happen', async () => {
    const w = world()
    const { app, ask } = apiOver(w)
    const { events } = await open(app)
    expect(await events()).toMatchObject([{ event: 'hello', data: { resumed: false } }])
    emit(w, 'm-1', 21)
    expect(await events()).toMatchObject([
      { event: 'readings', data: { thing: 'm-1', values: [{ value: 21 }] } },
    ])
    await ask('POST /v1/alarms/limit%2Fm-1%2Ftemperature/acknowledge', { token: 'operator' })
    expect(await events()).toMatchObject([
      { event: 'alarm', data: { thing: 'm-1', change: 'acknowledged', text: 'acknowledged by otto' } },
    ])
  })

  it('sends only the things, the kinds and the sites asked for or allowed', async () => {
    const w = world()
    const { app } = apiOver(w)
    const [few, north, alarms] = [
      await open(app, '?things=m-3'),
      await open(app, '', 'north'),
      await open(app, '?kinds=alarm'),
    ]
    for (const stream of [few, north, alarms]) await stream.events()
    for (const [index, thing] of ['m-1', 'm-2', 'm-3'].entries()) emit(w, thing, index)
    for (const listener of w.listeners)
      listener({
        kind: 'alarm',
        thing: 'm-3',
        alarm: 'a',
        change: 'clear',
        severity: 'minor',
        at: NOW,
        text: '',
      })
    expect((await few.events()).map(({ data }) => data['thing'])).toEqual(['m-3', 'm-3'])
    expect((await north.events()).map(({ data }) => data['thing'])).toEqual(['m-1', 'm-3', 'm-3'])
    expect((await alarms.events()).map(({ event }) => event)).toEqual(['alarm'])
  })

  it('goes on where a stream broke off, by header or by parameter', async () => {
    const w = world()
    const { app } = apiOver(w)
    const first = await open(app)
    await first.events()
    emit(w, 'm-1', 1)
    const [seen] = await first.events()
    await first.reader.cancel()
    emit(w, 'm-1', 2)
    emit(w, 'm-1', 3)
    for (const again of [await open(app, '', 'viewer', seen?.id), await open(app, `?after=${seen?.id}`)]) {
      const events = await again.events()
      expect(events[0]).toMatchObject({ event: 'hello', data: { resumed: true } })
      expect(events.slice(1).map(valueOf)).toEqual([2, 3])
    }
  })

  it('says so where it cannot go on: another run, or too long ago', async () => {
    const w = world()
    const { app } = apiOver(w)
    const first = await open(app)
    const [hello] = await first.events()
    for (let index = 0; index < 5001; index++) emit(w, 'm-1', index)
    for (const id of [hello?.id, 'other-1', 'nonsense'])
      expect(await (await open(app, '', 'viewer', id)).events()).toMatchObject([
        { event: 'hello', data: { resumed: false } },
      ])
  })

  it('keeps a slow reader’s queue bounded, drops the oldest and says how many', async () => {
    const w = world()
    const { app } = apiOver(w)
    const { events } = await open(app)
    await events()
    for (let index = 0; index < 1500; index++) emit(w, 'm-1', index)
    const [dropped, ...rest] = await events()
    expect(dropped).toMatchObject({ event: 'dropped', data: { count: 500 } })
    expect(rest.map(valueOf)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 500))
  })

  it('shows that it lives, and ends once the token is no longer accepted', async () => {
    const w = world()
    const { app } = apiOver(w, { heartbeatMs: 5 })
    const { chunk, events } = await open(app)
    await events()
    expect(await chunk()).toBe(': heartbeat\n\n')
    w.principals.delete('viewer')
    expect(await chunk()).toBeNull()
  })

  it('holds only so many streams and frees those that ended', async () => {
    const { app } = apiOver(world())
    const streams = []
    for (let index = 0; index < 200; index++) streams.push(await open(app))
    const refused = await app.request('/v1/live', { headers: { authorization: 'Bearer viewer' } })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10'])
    await streams[0]?.reader.cancel()
    await open(app)
  })

  it('answers no_live_stream where the runtime has none', async () => {
    const { ask, ports } = apiOver(world())
    ports.live = null
    expect((await ask('GET /v1/live')).body['code']).toBe('no_live_stream')
  })
})
