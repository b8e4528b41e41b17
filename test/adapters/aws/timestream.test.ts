import { RejectedRecordsException, type WriteRecordsCommandInput } from '@aws-sdk/client-timestream-write'
import { describe, expect, it } from 'vitest'
import { timestreamStore } from '../../../src/adapters/aws/timestream/timestream-store.ts'
import type { WindowRow } from '../../../src/core/window/window.ts'
import { NOON, pack } from '../../contracts/reading-store.ts'

interface QueryInput {
  QueryString: string
  NextToken?: string
}

function store(
  answer: (input: WriteRecordsCommandInput) => void = () => {},
  rows: (input: QueryInput) => object = () => ({}),
) {
  const calls: WriteRecordsCommandInput[] = []
  const questions: QueryInput[] = []
  const made = timestreamStore({
    write: {
      send: async ({ input }: { input: WriteRecordsCommandInput }) => (calls.push(input), answer(input), {}),
    } as never,
    query: {
      send: async ({ input }: { input: QueryInput }) => (questions.push(input), rows(input)),
    } as never,
    database: 'db',
    readingsTable: 'r',
    windowsTable: 'w',
  })
  return { ...made, calls, questions }
}
const now = NOON + 60_000
const window: WindowRow = { thing: 'p', measure: 't', minute: NOON / 60_000, version: NOON, repaired: true, n: 2, sum: 3, m2: 0.5, min: 1, max: 2, first: 1, last: 2 } // prettier-ignore

describe('timestreamStore', () => {
  it('writes a pack of fifty in one call, device and version in common, measure in each record', async () => {
    const s = store()
    const measures = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e'].map((m) => [
        m,
        Array.from({ length: 10 }, (_, i): [number, number] => [i, i]),
      ]),
    )
    await s.write([pack('p', 100, 1, measures)], now)
    expect(s.calls).toHaveLength(1)
    const [{ CommonAttributes: common, Records = [], TableName } = {} as WriteRecordsCommandInput] = s.calls
    expect(TableName).toBe('r')
    expect(common).toMatchObject({
      Dimensions: [{ Name: 'thing', Value: 'p' }],
      Version: NOON + 100,
      MeasureValueType: 'MULTI',
      MeasureName: 'reading',
    })
    expect(Records).toHaveLength(50)
    expect(Records[11]).toEqual({
      Dimensions: [{ Name: 'measure', Value: 'b' }],
      Time: String((NOON + 1) * 1000),
      MeasureValues: [
        { Name: 'value', Value: '1', Type: 'DOUBLE' },
        { Name: 'kind', Value: '0', Type: 'BIGINT' },
        { Name: 'quality', Value: '0', Type: 'BIGINT' },
        { Name: 'received', Value: String(NOON + 100), Type: 'BIGINT' },
      ],
    })
    expect(s.questions).toEqual([])
  })

  it('never sends more than a hundred records in a call', async () => {
    const s = store()
    await s.write(
      [pack('p', 100, 1, { t: Array.from({ length: 250 }, (_, i): [number, number] => [i, i]) })],
      now,
    )
    expect(s.calls.map((c) => c.Records?.length)).toEqual([100, 100, 50])
  })

  it('puts repaired windows above all streamed ones by their version', async () => {
    const s = store()
    await s.writeWindows([window], 0)
    expect(s.calls[0]).toMatchObject({ TableName: 'w', Records: [{ Version: 2 ** 52 + NOON }] })
    expect(Number.isSafeInteger(2 ** 52 + NOON)).toBe(true)
  })

  it('takes a record that lost against a newer one for written, and no other refusal', async () => {
    const refuse = (ExistingVersion?: number) => () => {
      throw new RejectedRecordsException({ $metadata: {}, message: 'rejected', RejectedRecords: [{ RecordIndex: 0, Reason: 'outside of retention', ...(ExistingVersion !== undefined && { ExistingVersion }) }] }) // prettier-ignore
    }
    await store(refuse(NOON + 500)).writeWindows([window], 0)
    await expect(store(refuse()).writeWindows([window], 0)).rejects.toThrow(
      'Timestream refused 1 records: outside of retention',
    )
  })

  it('gives the minutes of streamed windows that a repaired one refused', async () => {
    const refuse = (ExistingVersion: number) => () => {
      throw new RejectedRecordsException({ $metadata: {}, message: 'rejected', RejectedRecords: [{ RecordIndex: 1, Reason: 'older', ExistingVersion }] }) // prettier-ignore
    }
    const streamed = [window, { ...window, minute: window.minute + 1, repaired: false }]
    expect(await store(refuse(2 ** 52 + 1)).writeWindows(streamed, 0)).toEqual([{ thing: 'p', minute: window.minute + 1 }]) // prettier-ignore
    expect(await store(refuse(NOON + 1)).writeWindows(streamed, 0)).toEqual([])
  })

  it('asks before it overwrites what may be stored, and keeps the first receipt of an equal value', async () => {
    const columns = ['measure', 'at', 'value', 'text', 'kind', 'quality', 'received'].map((Name) => ({
      Name,
    }))
    const cell = (ScalarValue?: string) => (ScalarValue === undefined ? { NullValue: true } : { ScalarValue })
    const row = (at: number, value: string) => ({ Data: [cell('t'), cell(String((NOON + at) * 1_000_000)), cell(value), cell(), cell('0'), cell('0'), cell(String(NOON + 100))] }) // prettier-ignore
    const s = store(undefined, ({ NextToken }) =>
      NextToken === undefined
        ? { ColumnInfo: columns, Rows: [row(0, '1')], NextToken: 'more' }
        : { ColumnInfo: columns, Rows: [row(5, '1')] },
    )
    await s.write(
      [
        pack('p', 300, 2, {
          t: [
            [0, 1, 'duplicate'],
            [5, 2, 'late'],
          ],
        }),
      ],
      now,
    )
    expect(s.questions[0]!.QueryString).toContain("thing = 'p'")
    const valuesOf = (names: string[]) => s.calls.flatMap(({ Records = [] }) => Records.map(({ MeasureValues = [] }) => names.map((n) => MeasureValues.find(({ Name }) => Name === n)?.Value))) // prettier-ignore
    expect(valuesOf(['value', 'quality', 'received', 'confirmed'])).toEqual([
      ['1', '0', String(NOON + 100), String(NOON + 300)],
      ['2', '1', String(NOON + 300), '0'],
    ])
    expect(s.calls.map((c) => c.CommonAttributes?.Version)).toEqual([now])
  })

  it('quotes what comes from devices', async () => {
    const s = store()
    await s.readings({ thing: "p' OR 1=1 --", measures: ["t'"], from: 0, to: 10, limit: 5 })
    expect(s.questions[0]!.QueryString).toContain("thing = 'p'' OR 1=1 --'")
    expect(s.questions[0]!.QueryString).toContain("measure IN ('t''')")
  })
})
