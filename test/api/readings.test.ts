import { describe, expect, it } from 'vitest'
import { NOW } from './fixture/memory-ports.ts'
import { apiOver, world } from './fixture/world.ts'

const reading = (measure: string, at: number, value = 1) => ({
  thing: 'm-1',
  measure,
  at,
  value,
  text: null,
  quality: 'good' as const,
  receivedAt: at + 5,
})

const worldWith = (...readings: ReturnType<typeof reading>[]) => ({ ...world(), readings })

describe('readings', () => {
  it('gives the last hour, from the start included to the end excluded', async () => {
    const hour = 3_600_000
    const { ask } = apiOver(
      worldWith(
        reading('t', NOW - hour - 1, 1),
        reading('t', NOW - hour, 2),
        reading('t', NOW - 1, 3),
        reading('t', NOW, 4),
      ),
    )
    const { body } = await ask('GET /v1/devices/m-1/readings')
    expect((body['items'] as { value: number }[]).map(({ value }) => value)).toEqual([2, 3])
  })

  it('takes times as RFC 3339 and as epoch milliseconds', async () => {
    const { ask } = apiOver(worldWith(reading('t', NOW - 10_000)))
    for (const [from, to] of [
      [NOW - 10_000, NOW - 9_999],
      ['2026-11-22T10:59:50%2B01:00', '2026-11-22T09:59:50.001Z'],
    ]) {
      const { body } = await ask(`GET /v1/devices/m-1/readings?from=${from}&to=${to}`)
      expect(body['items']).toEqual([
        { measure: 't', at: NOW - 10_000, value: 1, text: null, quality: 'good', receivedAt: NOW - 9_995 },
      ])
    }
  })

  it('gives only the measures asked for', async () => {
    const { ask } = apiOver(worldWith(reading('a', NOW - 3), reading('b', NOW - 2), reading('c@x', NOW - 1)))
    const { body } = await ask('GET /v1/devices/m-1/readings?measures=a,c@x')
    expect((body['items'] as { measure: string }[]).map(({ measure }) => measure)).toEqual(['a', 'c@x'])
  })

  it('pages over equal times without loss or repetition, holding the range fast while the clock goes on', async () => {
    const w = worldWith(
      ...['a', 'b', 'c', 'd', 'e'].flatMap((m) => [reading(m, NOW - 2000), reading(m, NOW - 1000)]),
    )
    const { ask } = apiOver(w)
    const seen: string[] = []
    let next: string | null = '/v1/devices/m-1/readings?limit=3'
    while (next !== null) {
      const { body, status } = await ask(`GET ${next}`)
      expect(status).toBe(200)
      for (const { measure, at } of body['items'] as { measure: string; at: number }[])
        seen.push(`${at - NOW}${measure}`)
      next = body['next'] as string | null
      w.now += 3_599_500 // one default range, nearly: a range that followed the clock would lose the rest
    }
    expect(seen).toEqual([-2000, -1000].flatMap((at) => ['a', 'b', 'c', 'd', 'e'].map((m) => `${at}${m}`)))
  })

  it('goes on from a bare cursor as well', async () => {
    const { ask } = apiOver(worldWith(reading('a', NOW - 2), reading('b', NOW - 1)))
    const first = await ask('GET /v1/devices/m-1/readings?limit=1')
    const second = await ask(`GET /v1/devices/m-1/readings?cursor=${first.body['cursor'] as string}`)
    expect(second.body['items']).toMatchObject([{ measure: 'b' }])
  })

  it.each([
    ['from=5&to=6', 'bad_parameter'],
    ['from=yesterday', 'bad_parameter'],
    ['from=2026-02-30T00:00:00Z', 'bad_parameter'],
    ['from=2026-11-22T10:00:00', 'bad_parameter'],
    [`from=${NOW}&to=${NOW}`, 'bad_range'],
    [`from=${NOW}&to=${NOW - 1}`, 'bad_range'],
    [`from=${NOW - 32 * 86_400_000}`, 'range_too_long'],
    ['limit=0', 'bad_parameter'],
    ['limit=-1', 'bad_parameter'],
    ['limit=1001', 'bad_parameter'],
    ['limit=1e2', 'bad_parameter'],
    ['limit=99999999999999999999', 'bad_parameter'],
    ['limit=5&limit=6', 'bad_parameter'],
    ['measures=', 'bad_parameter'],
    ['measures=a,,b', 'bad_parameter'],
    ['measures=__proto__', 'bad_parameter'],
    ['cursor=!!', 'bad_cursor'],
    ['cursor=bnVsbA', 'bad_cursor'],
    ['form=1', 'unknown_parameter'],
    ['__proto__=1', 'unknown_parameter'],
  ])('answers ?%s with %s', async (query, code) => {
    const { ask, errors } = apiOver(world())
    const { status, body, headers } = await ask(`GET /v1/devices/m-1/readings?${query}`)
    expect([status, body['code'], errors]).toEqual([400, code, []])
    expect(headers.get('content-type')).toBe('application/problem+json')
  })

  it('names the unknown parameter', async () => {
    const { ask } = apiOver(world())
    const { body } = await ask('GET /v1/devices/m-1/readings?form=1')
    expect(body).toMatchObject({
      errors: [{ at: 'form' }],
      status: 400,
      type: 'urn:telltale:problem:unknown_parameter',
    })
  })

  it('takes a text that looks like SQL as the plain name that it is not', async () => {
    const { ask } = apiOver(world())
    const evil = encodeURIComponent("m-1'; DROP TABLE readings; --")
    expect((await ask(`GET /v1/devices/${evil}/readings`)).body['code']).toBe('bad_parameter')
    expect((await ask(`GET /v1/devices/m-1/readings?measures=${evil}`)).body['code']).toBe('bad_parameter')
    expect((await ask(`GET /v1/devices?text=${evil}`)).body['items']).toEqual([])
  })
})
