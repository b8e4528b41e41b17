import { describe, expect, it } from 'vitest'
import { fillGaps } from '../../../src/core/history/fill.ts'

const edges = [0, 10, 20, 30, 40, 50]

describe('fillGaps', () => {
  it('leaves null where nothing is known', () => {
    expect(fillGaps(edges, [10, 30], [1, 3], 'null')).toEqual([null, 1, null, 3, null, null])
  })
  it('carries the last value forward, not back', () => {
    expect(fillGaps(edges, [10, 30], [1, 3], 'locf')).toEqual([null, 1, 1, 3, 3, 3])
  })
  it('joins known values by time, and only between them', () => {
    expect(fillGaps([0, 10, 40, 50], [0, 40], [0, 8], 'linear')).toEqual([0, 2, 8, null])
    expect(fillGaps(edges, [10, 40], [1, 7], 'linear')).toEqual([null, 1, 3, 5, 7, null])
  })
  it('gives nothing for nothing', () => {
    expect(fillGaps(edges, [], [], 'linear')).toEqual(edges.map(() => null))
  })
})
