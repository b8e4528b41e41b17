import { Encoder } from 'cbor-x'
import * as fc from 'fast-check'
import type { SparkplugMetric } from '../../../src/core/telemetry/birth-table.ts'
import { sparkplugDatatype } from '../../../src/core/telemetry/sparkplug-value.ts'
import { writeSparkplugPayload } from '../../../src/pipeline/decode/sparkplug-payload.ts'

export const receivedAt = 1_763_806_800_000

/** A message in no encoding: samples of each measure, null where one is missing. */
export interface Message {
  at: number
  offsets: number[]
  measures: { name: string; samples: (number | boolean | string | null)[] }[]
}

const name = fc.stringMatching(/^[a-z][a-z0-9_.]{0,9}$/).filter((text) => !(text in {}))
const number = fc.double({ noNaN: true, noDefaultInfinity: true })

/** Messages that every encoding can carry: whole milliseconds, one type a measure. */
export const messages: fc.Arbitrary<Message> = fc.integer({ min: 1, max: 6 }).chain((length) => {
  const samples = (value: fc.Arbitrary<number | boolean | string>) =>
    fc.array(fc.option(value, { freq: 5 }), { minLength: length, maxLength: length })
  const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => text.isWellFormed())
  return fc.record({
    at: fc.integer({ min: 946_684_800_000 + 1e6, max: 4_102_444_800_000 - 1e6 }),
    offsets: fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: length, maxLength: length }),
    measures: fc.uniqueArray(
      fc.record({ name, samples: fc.oneof(samples(number), samples(fc.boolean()), samples(text)) }),
      { minLength: 1, maxLength: 4, selector: (measure) => measure.name },
    ),
  })
})

const utf8 = new TextEncoder()
const encodeJson = (value: unknown): Uint8Array => utf8.encode(JSON.stringify(value))
const cbor = new Encoder({ useRecords: false, mapsAsObjects: false })

export const toNative = ({ at, offsets, measures }: Message): Uint8Array =>
  encodeJson({
    at,
    offsets,
    measures: Object.fromEntries(measures.map(({ name, samples }) => [name, samples])),
  })

interface Reading {
  name: string
  at: number
  sample: number | boolean | string
}
const readings = ({ at, offsets, measures }: Message): Reading[] =>
  measures.flatMap(({ name, samples }) =>
    samples.flatMap((sample, i) => (sample === null ? [] : [{ name, at: at + offsets[i]!, sample }])),
  )

const senmlLabel = (sample: Reading['sample']) =>
  typeof sample === 'number' ? 'v' : typeof sample === 'boolean' ? 'vb' : 'vs'

export const toSenmlJson = (message: Message): Uint8Array =>
  encodeJson([
    { bn: 'urn:dev:ow:10e2073a01080063:' },
    ...readings(message).map(({ name, at, sample }) => ({
      n: name,
      t: at / 1000,
      [senmlLabel(sample)]: sample,
    })),
  ])

export const toSenmlCbor = (message: Message): Uint8Array => {
  const labels = { v: 2, vs: 3, vb: 4 }
  const records = readings(message).map(
    ({ name, at, sample }) =>
      new Map<number, unknown>([
        [0, name],
        [6, at / 1000],
        [labels[senmlLabel(sample)], sample],
      ]),
  )
  return cbor.encode([new Map([[-2, 'pump-1:']]), ...records])
}

const metricValue = (sample: Reading['sample']): Pick<SparkplugMetric, 'datatype' | 'value'> => {
  if (typeof sample === 'number')
    return { datatype: sparkplugDatatype.Double, value: { field: 'double', value: sample } }
  return typeof sample === 'boolean'
    ? { datatype: sparkplugDatatype.Boolean, value: { field: 'boolean', value: sample } }
    : { datatype: sparkplugDatatype.String, value: { field: 'string', value: sample } }
}

/** A birth that announces each measure by alias without a value, then the data by alias. */
export function toSparkplug(message: Message): { birth: Uint8Array; data: Uint8Array } {
  const alias = new Map(message.measures.map(({ name }, i) => [name, String(i)]))
  const all = readings(message)
  const birth = message.measures.map(({ name }): SparkplugMetric => {
    const first = all.find((reading) => reading.name === name)
    const datatype = first ? metricValue(first.sample).datatype : sparkplugDatatype.Double
    return { name, alias: alias.get(name)!, timestamp: receivedAt, datatype, value: null }
  })
  const data = all.map(({ name, at, sample }): SparkplugMetric => {
    const { value } = metricValue(sample)
    return { name: null, alias: alias.get(name)!, timestamp: at, datatype: null, value }
  })
  return {
    birth: writeSparkplugPayload({ timestamp: receivedAt, seq: 0, metrics: birth }),
    data: writeSparkplugPayload({ timestamp: receivedAt, seq: 1, metrics: data }),
  }
}
