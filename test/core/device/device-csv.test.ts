import { describe, expect, it } from 'vitest'
import { parseDeviceCsv } from '../../../src/core/device/device-csv.ts'

describe('parseDeviceCsv', () => {
  it('reads devices with places, attributes and limits of their own', () => {
    const { rows, faults } = parseDeviceCsv(
      'thing,trade,type,latitude,longitude,attribute.line,measure.temperature.high,measure.temperature.unit\n' +
        'm1,plant,motor,50.7,7.1,"L 1, north",80,Cel\r\n\nm2,plant,motor,,,,,\n',
    )
    expect(faults).toEqual([])
    expect(rows).toEqual([
      {
        line: 2,
        thing: 'm1',
        device: {
          trade: 'plant',
          type: 'motor',
          location: { latitude: 50.7, longitude: 7.1 },
          attributes: { line: 'L 1, north' },
          measures: { temperature: { high: 80, unit: 'Cel' } },
        },
      },
      { line: 4, thing: 'm2', device: { trade: 'plant', type: 'motor', attributes: {} } },
    ])
  })

  it('reads semicolons, quotes within quotes and line breaks within cells, and keeps count of lines', () => {
    const { rows } = parseDeviceCsv('thing;trade;attribute.note\nm1;plant;"say ""hi""\nthere"\nm2;plant;x')
    expect(rows.map(({ line, device }) => [line, device['attributes']])).toEqual([
      [2, { note: 'say "hi"\nthere' }],
      [4, { note: 'x' }],
    ])
  })

  it('reports a faulty row and reads the others', () => {
    const { rows, faults } = parseDeviceCsv(
      'thing,trade\nm1,plant\nm1,plant\nm2,plant,extra\nm3,plant\nm4,"open',
    )
    expect(rows.map(({ thing }) => thing)).toEqual(['m1', 'm3'])
    expect(faults.map(({ line }) => line)).toEqual([3, 4, 6])
  })

  it('refuses columns that it does not know', () => {
    expect(parseDeviceCsv('thing,colour\nm1,red').faults).toEqual([
      { line: 1, message: 'column colour is not known' },
    ])
    expect(parseDeviceCsv('').faults).toHaveLength(1)
  })
})
