import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRfc3339, parseTimestamp } from '../../../src/core/telemetry/timestamp.ts'

describe('parseRfc3339', () => {
  it('reads what Date writes', () => {
    const dates = fc.date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
    fc.assert(fc.property(dates, (date) => parseRfc3339(date.toISOString()) === date.getTime()))
  })

  it.each([
    ['2026-03-01T12:00:00Z', 1_772_366_400_000],
    ['2026-03-01t12:00:00z', 1_772_366_400_000],
    ['2026-03-01T13:30:00+01:30', 1_772_366_400_000],
    ['2026-03-01T07:00:00.250-05:00', 1_772_366_400_250],
    ['2026-03-01T12:00:00.123456789Z', 1_772_366_400_123],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000],
    ['2016-12-31T23:59:60Z', 1_483_228_800_000],
    ['2017-01-01T00:59:60+01:00', 1_483_228_800_000],
  ])('reads %s', (text, at) => {
    expect(parseTimestamp(text, 'at')).toBe(at)
  })

  it.each([
    '2026-03-01',
    '2026-03-01T12:00:00',
    '2026-03-01 12:00:00Z',
    '2026-3-1T12:00:00Z',
    '2026-02-29T12:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-00-01T12:00:00Z',
    '2026-01-00T12:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T12:60:00Z',
    '2026-01-01T12:00:61Z',
    '2026-01-01T12:00:60Z',
    '2026-01-01T12:00:00.Z',
    '2026-01-01T12:00:00+25:00',
    '2026-01-01T12:00:00+01:60',
    '2026-01-01T12:00:00+0100',
    '+002026-01-01T12:00:00Z',
    ' 2026-01-01T12:00:00Z',
    '2026-01-01T12:00:00Z\n',
    '1763806800000',
    'Sat, 01 Mar 2026 12:00:00 GMT',
    '',
  ])('refuses %j', (text) => {
    expect(parseRfc3339(text)).toBeNaN()
  })
})

describe('parseTimestamp', () => {
  it('rounds to whole milliseconds and keeps to the years 2000 to 2100', () => {
    expect(parseTimestamp(946_684_800_000.4, 'at')).toBe(946_684_800_000)
    expect(() => parseTimestamp(946_684_799_999, 'at')).toThrow('at is 946684799999')
    expect(() => parseTimestamp('2100-01-01T00:00:00.001Z', 'at')).toThrow('allowed are')
    expect(() => parseTimestamp(-Infinity, 'at')).toThrow('allowed are')
    expect(() => parseTimestamp(true, 'at')).toThrow('at is true')
  })
})
