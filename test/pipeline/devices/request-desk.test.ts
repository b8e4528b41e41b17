import { describe, expect, it } from 'vitest'
import type { Command } from '../../../src/core/alarm/transition.ts'
import { createRequestDesk } from '../../../src/pipeline/devices/request-desk.ts'

function desk() {
  const commands: Command[] = []
  const { answer } = createRequestDesk({
    answerers: {
      route: async () => ({ distanceM: 5 }),
      broken: async () => Promise.reject(new Error('the disk is full')),
    },
    commands: { accept: async (list) => void commands.push(...list) },
    clock: { now: () => 1000, elapsed: () => 0 },
  })
  const ask = (name: string) => ({ id: `request/van-1/${name}/7`, thing: 'van-1', name, at: 900, body: '{}' })
  return { ask, answer, commands }
}

describe('createRequestDesk', () => {
  it('answers by a command of the request’s name, whose id derives from the request’s', async () => {
    const { ask, answer, commands } = desk()
    await answer([ask('route')])
    expect(commands).toEqual([
      {
        id: 'answer/request/van-1/route/7',
        thing: 'van-1',
        name: 'route',
        payload: { distanceM: 5 },
        expiresAt: 601_000,
        atMostOnce: false,
      },
    ])
  })

  it('says by a code what nothing answers and what went wrong, and answers the others', async () => {
    const { ask, answer, commands } = desk()
    await answer([ask('broken'), ask('constructor'), ask('weather'), ask('route')])
    expect(commands.map(({ payload }) => payload)).toEqual([
      { code: 'failed', error: 'the disk is full' },
      { code: 'unknown_request', error: 'nothing answers requests named constructor' },
      { code: 'unknown_request', error: 'nothing answers requests named weather' },
      { distanceM: 5 },
    ])
  })
})
