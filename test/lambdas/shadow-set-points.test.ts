import { GetThingShadowCommand, UpdateThingShadowCommand } from '@aws-sdk/client-iot-data-plane'
import { describe, expect, it } from 'vitest'
import { iotSetPoints } from '../../lambdas/middleware/shadow-set-points.ts'
import type { IotData } from '../../src/adapters/aws/iot/iot-data.ts'
import type { SetPointOrder } from '../../src/core/building/hvac/desired-set-points.ts'
import { isShadowError, parseShadowUpdate, shadowView, updateShadow, type ShadowDocument } from '../../src/core/device/shadow.ts' // prettier-ignore

const NOW = Date.UTC(2026, 0, 5, 8)
const until = NOW + 2_700_000

/** IoT Core's data plane as far as shadows go; `between` happens after a shadow was read and before it is written. */
function dataPlane(between: (write: (body: object) => void) => void = () => {}) {
  let document: ShadowDocument | null = null
  let writes = 0
  const refuse = (name: string): never => {
    throw Object.assign(new Error(name), { name })
  }
  const write = (body: unknown): void => {
    const update = parseShadowUpdate(body)
    const change = isShadowError(update)
      ? update
      : updateShadow(document, document?.version ?? 0, update, NOW)
    if (isShadowError(change))
      return refuse(change.code === 409 ? 'ConflictException' : 'InvalidRequestException')
    document = change.document
    writes += 1
  }
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof GetThingShadowCommand) {
      expect(command.input).toEqual({ thingName: 'ahu-1', shadowName: 'hvac' })
      const read = document ?? refuse('ResourceNotFoundException')
      const payload = new TextEncoder().encode(JSON.stringify(shadowView(read)))
      between(write)
      return { payload }
    }
    if (command instanceof UpdateThingShadowCommand) {
      write(JSON.parse(new TextDecoder().decode(command.input.payload as Uint8Array)))
      return { payload: new TextEncoder().encode('{}') }
    }
    return refuse('Unexpected')
  }
  return { data: { send } as unknown as IotData, write, writes: () => writes }
}

const order = (source: 'plan' | 'operator', at: number, heatC: number): SetPointOrder => ({
  thing: 'ahu-1',
  zone: 'south',
  source,
  by: source,
  at,
  setPoints: { heatC, coolC: 25, until },
})

describe('iotSetPoints', () => {
  it('writes desired state once, and an operator’s is not replaced by a plan', async () => {
    const { data, writes } = dataPlane()
    const desk = iotSetPoints(data, { now: () => NOW })
    await desk.apply([order('plan', NOW, 20)])
    await desk.apply([order('plan', NOW, 20)])
    expect(writes()).toBe(1)
    await desk.apply([order('operator', NOW + 1, 22)])
    await desk.apply([order('plan', NOW + 2, 18)])
    expect((await desk.standing('ahu-1', 'south')).desired).toMatchObject({
      source: 'operator',
      heatC: 22,
      until,
    })
  })

  it('gives way to an operator who writes between its reading and its writing', async () => {
    let before = true
    const zone = { mode: 'setpoints', source: 'operator', by: 'otto', at: NOW, heatC: 23, coolC: 26, until }
    const plane = dataPlane((write) => {
      if (before) write({ state: { desired: { zones: { south: zone } } } })
      before = false
    })
    plane.write({ state: { reported: { zones: {} } } })
    const desk = iotSetPoints(plane.data, { now: () => NOW })
    await desk.apply([order('plan', NOW + 1, 18)])
    expect((await desk.standing('ahu-1', 'south')).desired).toMatchObject({ by: 'otto', heatC: 23 })
  })

  it('knows nothing of a shadow that does not exist', async () => {
    const desk = iotSetPoints(dataPlane().data, { now: () => NOW })
    expect(await desk.standing('ahu-1', 'south')).toEqual({ desired: null, reported: null })
  })
})
