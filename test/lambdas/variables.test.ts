import { describe, expect, it } from 'vitest'
import { parseVariables } from '../../lambdas/middleware/variables.ts'

const spec = { TABLE: 'text', URL: 'optional', DAYS: 'count', STREAMS: 'map', KIND: ['a', 'b'] } as const
const good = { TABLE: 't', URL: '', DAYS: '30', STREAMS: 'plant=p-1,fleet=f=2', KIND: 'b' }

describe('parseVariables', () => {
  it('turns text into what the function works with', () => {
    expect(parseVariables(spec, good)).toEqual({
      TABLE: 't',
      URL: '',
      DAYS: 30,
      STREAMS: new Map([
        ['plant', 'p-1'],
        ['fleet', 'f=2'],
      ]),
      KIND: 'b',
    })
  })

  it('names every variable that is missing or wrong in one error', () => {
    const parse = () => parseVariables(spec, { TABLE: '', DAYS: '-1', STREAMS: 'plant', KIND: 'c' })
    for (const name of ['TABLE', 'URL', 'DAYS', 'STREAMS', 'KIND']) expect(parse).toThrow(name)
  })
})
