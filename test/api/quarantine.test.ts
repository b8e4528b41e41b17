import { describe, expect, it } from 'vitest'
import { NOW } from './fixture/memory-ports.ts'
import { apiOver, quarantined, world } from './fixture/world.ts'

const ids = (body: Record<string, unknown>) => (body['items'] as { id: string }[]).map(({ id }) => id)
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

describe('quarantine', () => {
  it('lists open entries without their payloads, filtered by reason and client', async () => {
    const w = world()
    w.quarantine.push(
      quarantined('4', { reason: 'bad_unit' }),
      quarantined('5', { status: 'replayed' }),
      quarantined('6', { status: 'discarded' }),
    )
    const { ask } = apiOver(w)
    const all = await ask('GET /v1/quarantine')
    expect(ids(all.body)).toEqual(['1', '2', '3', '4'])
    expect((all.body['items'] as object[])[0]).toEqual({
      id: '1',
      topic: 'dt/plant/m-1/telemetry',
      client: 'm-1',
      receivedAt: NOW - 5000,
      reason: 'bad_json',
      detail: 'Unexpected end of JSON input',
      status: 'open',
      sizeBytes: 22,
    })
    expect(ids((await ask('GET /v1/quarantine?reason=bad_unit')).body)).toEqual(['4'])
    expect(ids((await ask('GET /v1/quarantine?client=m-3')).body)).toEqual(['3'])
    expect(ids((await ask('GET /v1/quarantine?status=replayed')).body)).toEqual(['5'])
    expect(ids((await ask('GET /v1/quarantine?status=all')).body)).toHaveLength(6)
    expect((await ask('GET /v1/quarantine?reason=bad_mood')).body['code']).toBe('bad_parameter')
    expect(ids((await ask('GET /v1/quarantine', { token: 'north' })).body)).toEqual(['1', '3', '4'])
  })

  it('shows a payload as text if it is UTF-8, and as base64 always', async () => {
    const w = world()
    w.quarantine.push(quarantined('7', { payload: Uint8Array.of(0xff, 0xfe) }))
    w.quarantine.push(quarantined('8', { payload: Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b) }))
    const { ask } = apiOver(w)
    expect((await ask('GET /v1/quarantine/1')).body).toMatchObject({
      payload: '{"at": 1, "measures": ',
      payloadBase64: Buffer.from('{"at": 1, "measures": ').toString('base64'),
    })
    expect((await ask('GET /v1/quarantine/7')).body).toMatchObject({ payload: null, payloadBase64: '//4=' })
    expect((await ask('GET /v1/quarantine/8')).body).toMatchObject({ payload: '\uFEFF{' })
  })

  it('replays a record as it was: a new receipt, the same sender, marked as a replay', async () => {
    const w = world()
    const { ask } = apiOver(w)
    const answer = await ask('POST /v1/quarantine/1/replay', { token: 'operator' })
    expect([answer.status, answer.body]).toEqual([202, { position: '1', replayOf: '1' }])
    expect(w.submitted).toMatchObject([
      { topic: 'dt/plant/m-1/telemetry', client: 'm-1', receivedAt: NOW, replayOf: `1@${NOW - 5000}` },
    ])
    expect(text(w.submitted[0]?.payload)).toBe('{"at": 1, "measures": ')
    expect(w.quarantine[0]?.status).toBe('replayed')
    expect(w.audit).toMatchObject([{ actor: 'otto', action: 'quarantine.replay', subject: '1' }])
  })

  it('replays a fixed payload, given as text or as base64', async () => {
    const w = world()
    const { ask } = apiOver(w)
    await ask('POST /v1/quarantine/1/replay', { body: { payload: '{"µ": 1}' } })
    await ask('POST /v1/quarantine/2/replay', { body: { payloadBase64: '/wA=' } })
    expect(text(w.submitted[0]?.payload)).toBe('{"µ": 1}')
    expect([...(w.submitted[1]?.payload ?? [])]).toEqual([255, 0])
  })

  it.each([
    [{ payload: 'a', payloadBase64: 'YQ==' }],
    [{ payloadBase64: 'not base64!' }],
    [{ payload: 'x'.repeat(128 * 1024 + 1) }],
    [{ topic: 'dt/plant/m-2/telemetry' }],
    [{ topic: 'dt/plant/m-1/nonsense' }],
  ])('refuses the fix %#', async (body) => {
    const w = world()
    const { ask } = apiOver(w)
    expect((await ask('POST /v1/quarantine/1/replay', { body })).body['code']).toBe('bad_body')
    expect([w.submitted, w.audit]).toEqual([[], []])
  })

  it('replays on a fixed topic of the sender’s own', async () => {
    const w = world()
    await apiOver(w).ask('POST /v1/quarantine/1/replay', { body: { topic: 'dt/plant/m-1/backfill/child' } })
    expect(w.submitted).toMatchObject([{ topic: 'dt/plant/m-1/backfill/child', client: 'm-1' }])
    expect(w.audit).toMatchObject([{ detail: 'fixed, as 1' }])
  })

  it('leaves an entry open if the new record could not be made durable', async () => {
    const w = world()
    const { app, ports } = apiOver(w)
    ports.submit = async () => {
      throw new Error('disk full')
    }
    const response = await app.request('/v1/quarantine/1/replay', {
      method: 'POST',
      headers: { authorization: 'Bearer admin' },
    })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('disk full')
    expect(w.quarantine[0]?.status).toBe('open')
  })

  it('discards an entry; what was handled once is not handled again', async () => {
    const w = world()
    const { ask } = apiOver(w)
    expect((await ask('POST /v1/quarantine/1/discard')).status).toBe(204)
    expect(w.quarantine[0]?.status).toBe('discarded')
    expect(w.audit).toMatchObject([{ action: 'quarantine.discard', subject: '1', detail: 'bad_json' }])
    for (const action of ['replay', 'discard'])
      expect((await ask(`POST /v1/quarantine/1/${action}`)).body['code']).toBe('already_handled')
  })

  it('answers no_such_entry where there is none or where it lies outside the sites', async () => {
    const { ask } = apiOver(world())
    expect((await ask('GET /v1/quarantine/99')).body['code']).toBe('no_such_entry')
    expect((await ask('GET /v1/quarantine/2', { token: 'north' })).body['code']).toBe('no_such_entry')
    expect((await ask('POST /v1/quarantine/2/replay', { token: 'north' })).body['code']).toBe('no_such_entry')
    expect((await ask('GET /v1/quarantine/abc')).body['code']).toBe('bad_parameter')
  })
})
