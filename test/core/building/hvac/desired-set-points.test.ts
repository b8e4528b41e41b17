import { describe, expect, it } from 'vitest'
import {
  desiredBy,
  zoneSetPoints,
  type SetPointOrder,
  type ZoneSetPoints,
} from '../../../../src/core/building/hvac/desired-set-points.ts'

const NOW = 1_000_000
const order = (over: Partial<SetPointOrder> = {}): SetPointOrder => ({
  thing: 'hq-south',
  zone: 'south',
  source: 'plan',
  by: 'plan',
  at: NOW - 100,
  setPoints: { heatC: 20.123, coolC: 25, until: NOW + 1000 },
  ...over,
})
const byAnn = (until: number): ZoneSetPoints => ({ mode: 'setpoints', source: 'operator', by: 'ann', at: NOW - 500, heatC: 22, coolC: 25, until }) // prettier-ignore
const planned = (at: number): ZoneSetPoints => ({ mode: 'setpoints', source: 'plan', by: 'plan', at, heatC: 19, coolC: 26, until: NOW + 500 }) // prettier-ignore

describe('desiredBy', () => {
  it('asks for set-points with a lease', () => {
    expect(desiredBy(order(), null, NOW)).toEqual({
      mode: 'setpoints',
      source: 'plan',
      by: 'plan',
      at: NOW - 100,
      heatC: 20.12,
      coolC: 25,
      until: NOW + 1000,
    })
  })

  it('lets an operator win until his setting ends, even over a plan that was made before it and comes after', () => {
    expect(desiredBy(order(), byAnn(NOW + 1), NOW)).toBeNull()
    expect(desiredBy(order({ setPoints: null }), byAnn(NOW + 1), NOW)).toBeNull()
    expect(desiredBy(order(), byAnn(NOW), NOW)).not.toBeNull()
    expect(desiredBy(order({ source: 'operator', by: 'bob' }), byAnn(NOW + 1), NOW)).toMatchObject({
      by: 'bob',
    })
    expect(desiredBy(order({ source: 'operator', by: 'bob' }), planned(NOW), NOW)).toMatchObject({
      by: 'bob',
    })
  })

  it('changes nothing when a minute is repeated, or comes after a later one', () => {
    expect(desiredBy(order(), planned(NOW - 100), NOW)).toBeNull()
    expect(desiredBy(order(), planned(NOW - 50), NOW)).toBeNull()
    expect(desiredBy(order(), planned(NOW - 200), NOW)).not.toBeNull()
  })

  it('gives a zone back in words, since a device is not told of what was deleted', () => {
    const back = { mode: 'schedule', heatC: null, coolC: null, until: null }
    expect(desiredBy(order({ setPoints: null }), planned(NOW - 200), NOW)).toMatchObject(back)
    expect(desiredBy(order({ source: 'operator', by: 'ann', setPoints: null }), byAnn(NOW + 1), NOW)).toMatchObject(back) // prettier-ignore
  })

  it('gives back nothing that it does not hold', () => {
    expect(desiredBy(order({ setPoints: null }), null, NOW)).toBeNull()
    expect(desiredBy(order({ setPoints: null }), { ...planned(NOW - 200), until: NOW }, NOW)).toBeNull()
  })
})

describe('zoneSetPoints', () => {
  it('takes what makes sense of whatever a device or a person has written', () => {
    const zones = {
      south: { mode: 'setpoints', heatC: 20, coolC: 'x', until: null, by: 3 },
      north: { mode: 'off' },
    }
    expect(zoneSetPoints({ zones }, 'south')).toEqual({ mode: 'setpoints', heatC: 20 })
    expect(zoneSetPoints({ zones }, 'north')).toBeNull()
    expect(zoneSetPoints({ zones }, 'toString')).toBeNull()
    expect(zoneSetPoints({ zones: [] }, 'south')).toBeNull()
    expect(zoneSetPoints(undefined, 'south')).toBeNull()
  })
})
