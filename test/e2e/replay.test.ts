import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/cli/support/verify.ts'
import { openTestBox, type TestBox } from './box-fixture.ts'

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/recordings/${name}`, import.meta.url))

let test: TestBox
beforeAll(async () => {
  test = await openTestBox()
})
afterAll(() => test.stop())

interface Report {
  samples: number
  acknowledged: number
  quarantined: number
  trade: string
  verdict: Verdict
}

const replay = async (file: string, ...args: string[]) => {
  const ended = await test.telltale('replay', file, '--verify', '--json', ...args)
  return { ...ended, report: ended.json as Report }
}

describe('replay', () => {
  const cases = [
    { file: 'latency.csv', device: 'latency', rows: 61, readings: 50, measures: 1 },
    { file: 'car.csv', device: 'car', rows: 81, readings: 80 * 27 + 16, measures: 27 },
    { file: 'room.txt', device: 'room', rows: 61, readings: 61 * 6, measures: 6 },
  ]
  for (const { file, device, rows, readings, measures } of cases)
    it(`sends ${file} through MQTT with a certificate of its own, and the box then says what a batch computation says`, async () => {
      const { code, report } = await replay(fixture(file), '--device', device)
      expect(report).toMatchObject({ rows, quarantined: 0, verdict: { equal: true, examples: [] } })
      expect(report.acknowledged).toBe(report.samples)
      expect((report as unknown as { measures: string[] }).measures).toHaveLength(measures)
      expect(report.verdict.readings).toMatchObject({ expected: readings, found: readings })
      expect(report.verdict.windows!.found).toBe(report.verdict.windows!.expected)
      expect(report.verdict.windows!.expected).toBeGreaterThan(measures)
      expect(code).toBe(0)
    })

  it('changes nothing when the same file is sent again', async () => {
    const { report, code } = await replay(fixture('room.txt'), '--device', 'room')
    expect(report.verdict).toMatchObject({ equal: true, readings: { extra: 0, found: 366 } })
    expect(code).toBe(0)
  })

  it('repairs what a correction of the past has changed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'telltale-file-'))
    const corrected = join(dir, 'x')
    // Every temperature one degree up, the rows in the opposite order.
    const [heading, ...rows] = readFileSync(fixture('room.txt'), 'utf8').trimEnd().split('\n') as [
      string,
      ...string[],
    ]
    const raised = rows.map((row) => row.replace(/^("\d+","[^"]+",)([\d.]+)/, (_, head: string, t: string) => `${head}${Number(t) + 1}`)) // prettier-ignore
    writeFileSync(corrected, [heading, ...raised.toReversed()].join('\n'))
    const { report, code } = await replay(corrected, '--device', 'room')
    expect(report.verdict).toMatchObject({ equal: true, examples: [] })
    expect(code).toBe(0)
    rmSync(dir, { recursive: true })
  })

  it('says so, with exit code 1, where the box holds something else', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'telltale-file-'))
    const half = join(dir, 'half.csv')
    const lines = readFileSync(fixture('latency.csv'), 'utf8').trimEnd().split('\n')
    writeFileSync(half, [lines[0], lines[1], lines.at(-1)].join('\n'))
    const { report, code } = await replay(half, '--device', 'latency', '--wait', '0')
    expect(report.verdict.equal).toBe(false)
    expect(report.verdict.readings).toMatchObject({ missing: 0, extra: 48 })
    expect(report.verdict.examples[0]).toContain('is not in the file')
    expect(code).toBe(1)
    rmSync(dir, { recursive: true })
  })

  it('registers an unknown device in the trade and type that are asked for', async () => {
    const { report } = await replay(fixture('latency.csv'), '--device', 'v-1', '--trade', 'fleet', '--register', 'logger') // prettier-ignore
    expect(report.trade).toBe('fleet')
    expect(await test.box.devices.get('v-1')).toMatchObject({
      trade: 'fleet',
      type: 'logger',
      status: 'active',
    })
  })
})
