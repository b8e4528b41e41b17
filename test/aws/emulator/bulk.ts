import { strict as assert } from 'node:assert'

export interface BulkParts {
  thing: string
  /** When the device’s first reading was. */
  at: number
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>
  /** What is no JSON. */
  request(
    method: string,
    path: string,
    given?: { body: Uint8Array<ArrayBuffer>; type: string },
  ): Promise<Buffer>
  invoke(service: string): Promise<unknown>
  eventually<T>(what: string, look: () => Promise<T | null>): Promise<T>
}

/** What the function `bulk` answers for the API: a report, readings out and in as files, retention, what is sent again. */
export async function bulk({ thing, at, api, request, invoke, eventually }: BulkParts): Promise<void> {
  const { paths } = await api<{ paths: object }>('GET', '/openapi.json')
  assert('/v1/export' in paths && '/v1/devices' in paths, 'the document is not of both functions')

  const range = `things=${thing}&from=${at - 3_600_000}&to=${at + 5000}`
  const lines = async (): Promise<string[]> =>
    (await request('GET', `/v1/export?${range}`)).toString().trim().split('\n').slice(1)
  assert.deepEqual((await lines()).map((line) => line.split(',')[3]), ['21.5', '95'])
  const table = `device,measure,ts,value\n${thing},temperature,${at - 600_000},20.25\nnobody,temperature,${at},1\n`
  const taken = JSON.parse((await request('POST', '/v1/import', { body: new Uint8Array(Buffer.from(table)), type: 'text/csv' })).toString()) as object
  assert.deepEqual(taken, { rows: 2, taken: 1, refused: 1, faults: [{ row: 2, reason: 'there is no device nobody' }] })
  await eventually('the imported reading', async () => ((await lines()).length === 3 ? true : null))
  assert.equal((await lines())[0]?.split(',')[3], '20.25')
  const parquet = await request('GET', `/v1/export?${range}&format=parquet`)
  assert.equal(parquet.subarray(0, 4).toString(), 'PAR1')
  // What came out goes in again as it is.
  const again = await request('POST', '/v1/import', { body: new Uint8Array(parquet), type: 'application/vnd.apache.parquet' })
  assert.equal((JSON.parse(again.toString()) as { taken: number }).taken, 3)

  const firstDay = new Date(at).toISOString().slice(0, 10)
  const { id } = await api<{ id: string }>('POST', '/v1/reports', { trade: 'plant', firstDay, days: 1 })
  const { items } = await api<{ items: { id: string }[] }>('GET', '/v1/reports')
  assert(items.some((report) => report.id === id), `report ${id} is not listed`)
  const pdf = await request('GET', `/v1/reports/${id}/pdf`)
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
  assert(pdf.subarray(-8).toString().includes('%%EOF'), 'the PDF does not end as one')
  await invoke('bulk')

  const { policy } = await api<{ policy: { classes: { days: object }[] } }>('GET', '/v1/retention')
  const kept = { ...policy, classes: [{ ...policy.classes[0], days: { readings: 400, windows: 1830, quarters: 3660, days: 7320 } }] }
  await api('PUT', '/v1/retention', kept)
  assert.deepEqual(await api('GET', '/v1/retention'), { policy: kept, due: [] })
  await invoke('compact')

  const sent = await eventually('the archived messages', async () => {
    const part = await api<{ messages: number; next: string | null }>('POST', '/v1/history/refold', { from: at - 60_000, to: Date.now() })
    return part.messages > 0 ? part : null
  })
  assert.equal(sent.next, null)
  assert.deepEqual(await api('POST', '/v1/history/rebuild', { from: at - 60_000, to: at }), { days: 0, givenUp: 0 })
} // prettier-ignore
