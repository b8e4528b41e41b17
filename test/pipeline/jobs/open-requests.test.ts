import { describe, expect, it } from 'vitest'
import type { DeviceRequest } from '../../../src/core/alarm/transition.ts'
import { createOpenRequests, OPEN_REQUEST } from '../../../src/pipeline/jobs/open-requests.ts'
import { createHarness, plantDevice, T0 } from '../../support/harness.ts'

const request = (id: string, at = T0): DeviceRequest => ({
  id,
  thing: 'car-1',
  name: 'route',
  at,
  body: '{}',
})

function desk() {
  const harness = createHarness([plantDevice('car-1', { trade: 'fleet' })])
  const errors: Error[] = []
  const answered: string[] = []
  let finish: (() => void) | null = null
  let fails = false
  const open = () =>
    createOpenRequests({
      desk: {
        answer: async ([asked]) => {
          await new Promise<void>((resolve) => (finish = resolve))
          if (fails) throw new Error('no map')
          answered.push(asked!.id)
        },
      },
      telemetry: { facts: async (query) => harness.reader.facts(query) },
      write: (facts) => harness.output.write(facts.map((fact) => ({ kind: 'fact', fact }))),
      onError: (error) => void errors.push(error),
    })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    harness,
    open,
    errors,
    answered,
    finish: async () => {
      finish?.()
      await settle()
    },
    fail: (yes: boolean) => void (fails = yes),
    settle,
  }
}

describe('createOpenRequests', () => {
  it('takes a request without waiting for its answer, and forgets it once it is answered', async () => {
    const d = desk()
    await d.open().answer([request('a')])
    await d.settle()
    expect(d.answered).toEqual([])
    expect(d.harness.facts(OPEN_REQUEST)).toMatchObject([{ key: 'a' }])
    await d.finish()
    expect(d.answered).toEqual(['a'])
    expect(d.harness.facts(OPEN_REQUEST)).toEqual([])
  })

  it('answers after a restart what was open, unless it is too old to matter', async () => {
    const d = desk()
    await d.open().answer([request('a', T0 - 3_600_000)])
    await d.open().answer([request('b')])
    const again = d.open()
    await again.resume(T0 + 1000)
    await d.settle()
    await d.finish()
    expect(d.answered).toEqual(['b'])
  })

  it('keeps a request whose answer failed, and says so', async () => {
    const d = desk()
    d.fail(true)
    const first = d.open()
    await first.answer([request('a')])
    await d.settle()
    await d.finish()
    expect(d.errors.map(({ message }) => message)).toEqual(['no map'])
    d.fail(false)
    await first.resume(T0 + 1000)
    await d.settle()
    await d.finish()
    expect(d.answered).toEqual(['a'])
  })
})
