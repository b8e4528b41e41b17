import { describe, expect, it } from 'vitest'
import { encodeAlarmId } from '../../src/api/routes/alarms.ts'
import { NOW } from './fixture/memory-ports.ts'
import { alarm, apiOver, things, world } from './fixture/world.ts'

const path = `/v1/alarms/${encodeURIComponent('limit/m-1/temperature')}`

describe('alarms', () => {
  it('lists active alarms, filtered by severity, thing and rule', async () => {
    const w = world()
    w.alarms.set('x', alarm('m-1', { id: 'x', severity: 'critical', rule: 'stuck' }))
    w.alarms.set('y', alarm('m-2', { id: 'y', state: 'normal', clearedAt: NOW }))
    const { ask } = apiOver(w)
    expect(things(await ask('GET /v1/alarms'))).toEqual(['m-1', 'm-2', 'm-3', 'm-1'])
    expect((await ask('GET /v1/alarms?state=all')).body['items']).toHaveLength(5)
    expect(things(await ask('GET /v1/alarms?severity=critical'))).toEqual(['m-1'])
    expect(things(await ask('GET /v1/alarms?thing=m-3'))).toEqual(['m-3'])
    expect(things(await ask('GET /v1/alarms?rule=stuck'))).toEqual(['m-1'])
  })

  it('pages, and shows a token of one site only that site', async () => {
    const { ask } = apiOver(world())
    const seen: string[] = []
    let next: string | null = '/v1/alarms?limit=1'
    while (next !== null) {
      const page = await ask(`GET ${next}`, { token: 'north' })
      seen.push(...things(page))
      next = page.body['next'] as string | null
    }
    expect(seen).toEqual(['m-1', 'm-3'])
  })

  it('gives one alarm by its id, slashes encoded or not', async () => {
    const { ask } = apiOver(world())
    for (const at of [path, '/v1/alarms/limit/m-1/temperature'])
      expect((await ask(`GET ${at}`)).body).toMatchObject({
        id: 'limit/m-1/temperature',
        state: 'unackActive',
      })
  })

  it('answers no_such_alarm where there is none or where it lies outside the sites', async () => {
    const { ask } = apiOver(world())
    expect((await ask('GET /v1/alarms/none')).body['code']).toBe('no_such_alarm')
    const outside = `/v1/alarms/${encodeURIComponent('limit/m-2/temperature')}`
    for (const request of [`GET ${outside}`, `GET ${outside}/history`, `POST ${outside}/acknowledge`])
      expect((await ask(request, { token: 'north' })).body['code']).toBe('no_such_alarm')
  })

  it('acknowledges in the caller’s name, with the comment and an audit entry', async () => {
    const w = world()
    const { ask } = apiOver(w)
    const answer = await ask(`POST ${path}/acknowledge`, {
      token: 'operator',
      body: { comment: 'on my way' },
    })
    expect(answer.body).toMatchObject({
      state: 'ackActive',
      acknowledgedBy: 'otto',
      acknowledgedAt: NOW,
      comment: 'on my way',
    })
    expect(w.audit).toMatchObject([
      {
        at: NOW,
        actor: 'otto',
        action: 'alarm.acknowledge',
        subject: 'limit/m-1/temperature',
        detail: 'on my way',
      },
    ])
  })

  it('acknowledges without a body as well', async () => {
    const { ask } = apiOver(world())
    expect((await ask(`POST ${path}/acknowledge`)).body).toMatchObject({ comment: null })
  })

  it('gives the newest events of its history', async () => {
    const w = world()
    for (const [index, kind] of (['cleared', 'raised'] as const).entries())
      w.history.push({
        id: String(index),
        alarm: 'limit/m-1/temperature',
        at: NOW - index,
        recordedAt: NOW,
        kind,
        severity: 'major',
        by: null,
        text: kind,
      })
    const { ask } = apiOver(w)
    expect((await ask(`GET ${path}/history`)).body['items']).toHaveLength(2)
    expect((await ask(`GET ${path}/history?limit=1`)).body['items']).toMatchObject([{ kind: 'cleared' }])
  })
})

describe('encodeAlarmId', () => {
  it('encodes the id’s slashes and leaves everything else alone', () => {
    expect(encodeAlarmId('/v1/alarms/a/b/c/history')).toBe('/v1/alarms/a%2Fb%2Fc/history')
    expect(encodeAlarmId('/v1/alarms/a%2Fhistory')).toBe('/v1/alarms/a%2Fhistory')
    expect(encodeAlarmId('/v1/alarms')).toBe('/v1/alarms')
    expect(encodeAlarmId('/v1/devices/a/readings')).toBe('/v1/devices/a/readings')
  })
})
