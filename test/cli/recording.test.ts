import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { delimiterOf, parseCsv } from '../../src/core/table/csv.ts'
import { decodeText } from '../../src/cli/support/text-file.ts'
import { readRecording, type Recording } from '../../src/cli/support/recording.ts'
import { timeColumn } from '../../src/cli/support/wall-time.ts'

const START = Date.UTC(2026, 0, 1)
const read = (text: string, measure?: string): Recording =>
  readRecording(text, { start: START, stepMs: 1000, ...(measure === undefined ? {} : { measure }) })
const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/recordings/${name}`, import.meta.url), 'utf8')
const series = ({ columns }: Recording) => Object.fromEntries(columns.map((c) => [c.measure, c.values]))

describe('parseCsv', () => {
  it('reads quoted cells with delimiters, doubled quotes and line breaks in them', () => {
    expect(parseCsv('a,"b,""c"""\r\n"d\ne",f', ',')).toEqual([
      ['a', 'b,"c"'],
      ['d\ne', 'f'],
    ])
  })

  it('leaves out a byte-order mark and empty lines, and keeps empty cells', () => {
    expect(parseCsv('\uFEFFa,,c\n\n ,x,\n', ',')).toEqual([
      ['a', '', 'c'],
      ['', 'x', ''],
    ])
  })

  it('keeps what follows a closing quote in its cell', () => {
    expect(parseCsv('"a"b,c', ',')).toEqual([['ab', 'c']])
  })

  it('refuses a quote that is never closed', () => {
    expect(() => parseCsv('a,"b\nc', ',')).toThrow('never closed')
  })
})

describe('delimiterOf', () => {
  it('finds comma, semicolon and tab', () => {
    expect(['a,b\n1,2', 'a;b\n1,5;2,5;', 'a\tb\n1\t2'].map(delimiterOf)).toEqual([',', ';', '\t'])
  })
})

describe('timeColumn', () => {
  const first = (cells: string[], heading = 'x') => timeColumn(cells, heading)?.read(cells[0]!) ?? null

  it('takes a wall-clock time without a zone as UTC, and heeds a zone', () => {
    expect(first(['2014-07-01 00:30:00'])).toBe(Date.UTC(2014, 6, 1, 0, 30))
    expect(first(['2014-07-01T00:30:00.25+02:00'])).toBe(Date.UTC(2014, 5, 30, 22, 30, 0, 250))
    expect(first(['2014/7/1 0:30'])).toBe(Date.UTC(2014, 6, 1, 0, 30))
  })

  it('finds from the column whether the month or the day comes first', () => {
    expect(first(['3/4/2017 0:05', '3/13/2017 0:05'])).toBe(Date.UTC(2017, 2, 4, 0, 5))
    expect(first(['3/4/2017 0:05', '13/4/2017 0:05'])).toBe(Date.UTC(2017, 3, 3, 0, 5))
    expect(first(['3/4/2017 12:05 AM'])).toBe(Date.UTC(2017, 2, 4, 0, 5))
  })

  it('takes numbers as times only under a heading that says so', () => {
    expect(first(['1767225600'], 'timestamp')).toBe(START)
    expect(first(['1767225600000'], 'time_ms')).toBe(START)
    expect(first(['1767225600'], 'bytes')).toBeNull()
  })

  it.each([
    ['1795168800123', 'ts', 'milliseconds'],
    ['1795168800123000', 'ts', 'microseconds'],
    ['1795168800123000000', 'ts', 'nanoseconds'],
    ['1795168800.123', 'time', 'seconds with a fraction'],
    ['20-Nov-2026 10:00:00.123', 'x', 'a named month'],
    ['Fri, 20 Nov 2026 10:00:00.123 GMT', 'x', 'a day of the week'],
    ['November 20, 2026 10:00:00.123 AM', 'x', 'the month first'],
    ['20.11.2026 10:00:00,123', 'x', 'points and a decimal comma'],
    ['20-11-2026 10:00:00.123', 'x', 'hyphens, day first'],
    ['20261120T100000.123Z', 'timestamp', 'no separators'],
    ['2026-11-20 12:00:00.123456+02', 'x', 'a zone of hours'],
    ['2026-11-20, 10:00:00.123 UTC', 'x', 'a named zone'],
  ])('reads %s under %s: %s', (cell, heading) => {
    expect(first([cell], heading)).toBe(Date.UTC(2026, 10, 20, 10, 0, 0, 123))
  })

  it('takes the end of a day for the beginning of the next, and a short year for one of this century', () => {
    expect(first(['2026-11-20 24:00:00'])).toBe(Date.UTC(2026, 10, 21))
    expect(first(['11/20/26 10:00'])).toBe(Date.UTC(2026, 10, 20, 10))
  })

  it('refuses days and times that do not exist', () => {
    for (const cell of [
      '2026-02-29 10:00:00',
      '2026-02-28 25:00:00',
      '2026-02-28 10:60:00',
      '13:00 PM',
      '12 Foo 2026',
    ])
      expect(first([cell])).toBeNull()
  })
})

describe('readRecording', () => {
  it('reads times and one value, whose name may be chosen', () => {
    const text = 'timestamp,value\n2014-07-01 00:00:00,10844\n2014-07-01 00:30:00,8127.5\n'
    const recording = read(text, 'rides')
    expect([...recording.at]).toEqual([Date.UTC(2014, 6, 1), Date.UTC(2014, 6, 1, 0, 30)])
    expect(series(recording)).toEqual({ rides: [10844, 8127.5] })
    expect(series(read(text))).toHaveProperty('value')
  })

  it('recognises an index column that the heading leaves out', () => {
    const room = read(fixture('room.txt'))
    expect(room.facts).toMatchObject({ rows: 61, indexColumn: true, timeHeading: 'date', skippedRows: 0 })
    expect(room.columns.map((c) => c.measure)).toEqual(['Temperature', 'Humidity', 'Light', 'CO2', 'HumidityRatio', 'Occupancy']) // prettier-ignore
  })

  it('gives times to a file that has none, ignores a comma at the end and uses a row that breaks off', () => {
    const car = read(fixture('car.csv'))
    expect(car.facts).toMatchObject({
      rows: 81,
      shortRows: 1,
      skippedRows: 0,
      indexColumn: false,
      timeHeading: null,
    })
    expect(car.columns).toHaveLength(27)
    expect(car.columns[1]!.measure).toBe('ENGINE_RPM')
    expect([...car.at.subarray(0, 2)]).toEqual([START, START + 1000])
    const broken = car.columns.map(({ values }) => values[values.findIndex((_, row) => car.columns.at(-1)!.values[row] === null)]) // prettier-ignore
    expect(broken.filter((value) => value !== null)).toHaveLength(16)
  })

  it('is not misled by how the columns are ordered or named', () => {
    const text = 'when;flow (m3/h);state\n5,0;x\n'.replace('5,0;x', '1.5;on;2026-01-01 00:00:00')
    const swapped = 'flow (m3/h);state;when\n1.5;on;2026-01-01 00:00:00\n2;off;2026-01-01 00:00:01\n'
    expect(series(read(swapped))).toEqual({ flow: [1.5, 2], state: ['on', 'off'] })
    expect(read(swapped).facts.timeHeading).toBe('when')
    expect(series(read(text.replace('when;flow (m3/h);state', 'flow (m3/h);state;when')))).toEqual({ flow: [1.5], state: ['on'] }) // prettier-ignore
  })

  it('takes empty cells, NA and spreadsheet errors as no readings, and counts what it cannot use', () => {
    const recording = read('a,b\n7,\n1,\n#VALUE!,2\nNA,3\noops,4\n1e999,5\nTRUE,6\n')
    expect(series(recording)).toEqual({
      a: [7, 1, null, null, null, null, 1],
      b: [null, null, 2, 3, 4, 5, 6],
    })
    expect(recording.facts.unusableCells).toBe(2)
  })

  it('skips rows without a usable time and rows that are too wide', () => {
    const rows = Array.from({ length: 20 }, (_, i) => `2026-01-01 00:00:${String(i).padStart(2, '0')},${i}`)
    const { facts, at } = read(['t,v', ...rows, 'never,5', '2026-01-01 00:01:00,1,2,3', '1970-01-01 00:00:00,7'].join('\n')) // prettier-ignore
    expect(facts).toMatchObject({ rows: 20, skippedRows: 3 })
    expect(at).toHaveLength(20)
  })

  it('joins a column of days and one of times of day', () => {
    const rows = 'Datum;Zeit;Wert\n20.11.2026;23:59:59;20,5\n21.11.2026;00:00:00;1.020,25\n'
    const { at, facts, ...rest } = read(rows)
    expect([...at]).toEqual([Date.UTC(2026, 10, 20, 23, 59, 59), Date.UTC(2026, 10, 21)])
    expect(facts.timeHeading).toBe('Datum + Zeit')
    expect(series({ at, facts, ...rest })).toEqual({ Wert: [20.5, 1020.25] })
  })

  it('takes numbers that rise under a heading of time as counted from the beginning', () => {
    expect([...read('time,v\n3.5,1\n4,2\n6,3\n').at]).toEqual([START, START + 500, START + 2500])
    expect([...read('Elapsed (ms),v\n10,1\n35,2\n').at]).toEqual([START, START + 25])
  })

  it('gives no made-up times to rows whose time it does not understand', () => {
    expect(() => read('timestamp,v\nyesterday,1\ntoday,2\n')).toThrow('"yesterday" is not understood')
    expect(() => read('time,v\n10:00:00,1\n10:00:01,2\n')).toThrow('"10:00:00" is not understood')
    expect(() => read('ts,v\n5,1\n4,2\n')).toThrow('is not understood')
    const numbered = readRecording('ts,v\n5,1\n4,2\n', { start: START, stepMs: 10, numbered: true })
    expect([...numbered.at]).toEqual([START, START + 10])
    expect(series(numbered)).toEqual({ ts: [5, 4], v: [1, 2] })
    expect(() => read('timestamp,v\n1995-01-01 00:00:00,1\n')).toThrow('"1995-01-01 00:00:00"')
  })

  it('reads grouped thousands, decimal commas and infinities for what they are', () => {
    expect(series(read('a,b\n"1,234.5",inf\n"2,000",-Infinity\n3,1\n'))).toEqual({
      a: [1234.5, 2000, 3],
      b: [null, null, 1],
    })
    expect(series(read('a;b\n1,5;1.5\n2;2,5\n3;3\n'))).toEqual({ a: [1.5, 2, 3], b: [1.5, null, 3] })
  })

  it('gives foreign and repeated headings valid, distinct names', () => {
    const { columns } = read('AHU: Fan (%),AHU: Fan (%),9 lives,__proto__\n1,2,3,4\n')
    const names = columns.map((c) => c.measure)
    expect(new Set(names).size).toBe(4)
    expect(names.slice(0, 2)).toEqual(['AHU:_Fan', 'AHU:_Fan_2'])
  })

  it('reads a file without a heading', () => {
    expect(series(read('2026-01-01 00:00:00,1\n2026-01-01 00:00:01,2\n'))).toEqual({ c2: [1, 2] })
  })

  it('says what is wrong with a file that holds nothing', () => {
    expect(() => read('')).toThrow('empty')
    expect(() => read('a,b\n')).toThrow('no rows')
    expect(() => read('a,b\n,\nNA,\n')).toThrow('no column')
  })
})

describe('decodeText', () => {
  const bytes = (text: string, encoding: BufferEncoding) => Buffer.from(text, encoding)

  it('reads UTF-8, UTF-16 by its mark and Windows-1252', () => {
    expect(decodeText(bytes('\uFEFFt,Müller\n', 'utf8'))).toBe('t,Müller\n')
    expect(decodeText(bytes('\uFEFFt,Müller\n', 'utf16le'))).toBe('t,Müller\n')
    expect(decodeText(bytes('\uFEFFt,Müller\n', 'utf16le').swap16())).toBe('t,Müller\n')
    expect(decodeText(bytes('t,°C\r\n', 'latin1'))).toBe('t,°C\r\n')
  })

  it('refuses what is no text', () => {
    expect(() => decodeText(Uint8Array.of(0x50, 0x41, 0x52, 0x31, 0, 1))).toThrow('no text file')
    expect(() => decodeText(bytes('t,v\n1,\0\n', 'utf8'))).toThrow('at character 7')
  })
})
