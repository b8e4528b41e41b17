import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellText, numberText } from '../../../src/core/report/cell-text.ts'
import { localSentence } from '../../../src/core/report/local-text.ts'
import { textWidth } from '../../../src/core/report/pdf/helvetica.ts'
import { niceTicks } from '../../../src/core/report/pdf/nice-ticks.ts'
import { pdfDocument } from '../../../src/core/report/pdf/pdf-document.ts'
import { reportPdf } from '../../../src/core/report/pdf/report-pdf.ts'
import { winAnsi } from '../../../src/core/report/pdf/win-ansi.ts'
import { reportCsv } from '../../../src/core/report/report-csv.ts'
import { isReportId, reportId } from '../../../src/core/report/report-id.ts'
import type { Report, Section } from '../../../src/core/report/report.ts'

const FROM = Date.parse('2026-11-15T23:00:00Z') // Monday in Berlin
const DAY = 86_400_000
const report = (sections: Section[]): Report => ({ id: 'plant-2026-11-16', trade: 'plant', title: 'Plant report', site: null, from: FROM, to: FROM + 7 * DAY, timeZone: 'Europe/Berlin', madeAt: FROM + 7 * DAY, sections }) // prettier-ignore

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Takes a PDF apart by its own table of places, as a reader does. */
function objectsOf(bytes: Uint8Array): string[] {
  const text = latin1(bytes)
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1])
  const [, count] = /^xref\n0 (\d+)\n/.exec(text.slice(start))!
  const entries = [...text.slice(start).matchAll(/^(\d{10}) \d{5} n $/gm)].map(([, place]) => Number(place))
  expect(entries).toHaveLength(Number(count) - 1)
  return entries.map((place, i) => {
    const [, body] = new RegExp(`^${i + 1} 0 obj\\n([\\s\\S]*?)\\nendobj\\n`).exec(text.slice(place))!
    return body!
  })
}

describe('localSentence', () => {
  it('has units as people write them, and leaves all other words', () => {
    const said = (text: string): string => localSentence(text, 'Europe/Berlin', 'm-1')
    expect(said('m-1 has been disconnected since 2026-11-28T22:15:37.000Z')).toBe('has been disconnected since 2026-11-28 23:15') // prettier-ignore
    expect(said('temperature@bearing is 85.07 Cel, above its limit of 85')).toBe('temperature@bearing is 85.07 °C, above its limit of 85') // prettier-ignore
    expect(said('flow is 14.9 m3/h, stuck for 120 readings, 3 constructor')).toBe('flow is 14.9 m³/h, stuck for 120 readings, 3 constructor') // prettier-ignore
  })
})

describe('pdfDocument', () => {
  it('has every object where its table says, and every stream as long as it says', () => {
    const document = pdfDocument('Täst (1)')
    for (const words of ['first', 'second \\ (brackets)']) {
      const page = document.page()
      page.text(50, 60, words, { size: 12 })
      page.line([[0, 0], [10, 10]], { width: 1, colour: '#ff8000', dash: [2, 1] }) // prettier-ignore
      page.polygon([[0, 0], [5, 0], [5, 5]], '#000000') // prettier-ignore
    }
    const objects = objectsOf(document.bytes())
    expect(objects.filter((object) => object.includes('/Type /Page '))).toHaveLength(2)
    for (const object of objects) {
      const stream = /^<< \/Length (\d+) >>\nstream\n([\s\S]*)\nendstream$/.exec(object)
      if (stream) expect(stream[2]).toHaveLength(Number(stream[1]))
    }
    expect(objects.join()).toContain('(second \\\\ \\(brackets\\)) Tj')
    expect(objects.join()).toContain('/Title (T\\344st \\(1\\))')
    expect(objects.join()).toContain('1 0.5 0 RG [2 1] 0 d')
  })

  it('stays a PDF whatever is written on it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.double(), (text, x) => {
        const document = pdfDocument(text)
        document.page().text(Number.isFinite(x) ? x : 0, 0, text, { size: 9, align: 'right' })
        const objects = objectsOf(document.bytes())
        expect(objects).toHaveLength(7)
        expect(objects[6]).not.toMatch(/\d[eE][+-]?\d|NaN|Infinity/)
      }),
      { numRuns: 40 },
    )
  })
})

describe('winAnsi', () => {
  it('keeps what the fonts have, takes the accent off what they have not, and says where it cannot', () => {
    const text = (of: string): string => Buffer.from(winAnsi(of)).toString('latin1')
    expect(text('Zürich, Łódź – 5 €')).toBe('Zürich, Lódz \x96 5 \x80')
    expect(text('CO₂ ≤ 5')).toBe('CO2 <= 5')
    expect(text('Αθήνα')).toBe('?????')
  })

  it('measures a letter with an accent as the letter', () => {
    expect(textWidth('é', 1000)).toBe(556)
    expect(textWidth('Wil', 1000)).toBe(944 + 222 + 222)
  })
})

describe('niceTicks', () => {
  it('are few, round, ascending, and hold every value', () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(number, { maxLength: 20 }),
        fc.option(number, { nil: undefined }),
        (values, limit) => {
          const ticks = niceTicks(values, [limit])
          expect(ticks.length).toBeGreaterThanOrEqual(2)
          expect(ticks.length).toBeLessThanOrEqual(8)
          const [low, high] = [ticks[0]!, ticks.at(-1)!]
          const slack = 1e-6 * (high - low)
          for (const value of values) expect(value >= low - slack && value <= high + slack).toBe(true)
          for (const [i, tick] of ticks.slice(1).entries()) expect(tick).toBeGreaterThan(ticks[i]!)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('shows a limit that is near and not one that would press the line flat', () => {
    expect(niceTicks([70, 85], [90]).at(-1)).toBeGreaterThanOrEqual(90)
    expect(niceTicks([70, 71], [900]).at(-1)).toBeLessThan(80)
  })
})

describe('numberText', () => {
  it('rounds, parts thousands and never says minus nothing', () => {
    expect([1234567.891, 0.05, -0.04, -1234, null, 999.96].map((n) => numberText(n, 1))).toEqual(['1,234,567.9', '0.1', '0.0', '-1,234.0', '–', '1,000.0']) // prettier-ignore
    expect(cellText('as it is', { title: '' })).toBe('as it is')
  })
})

describe('reportId', () => {
  it('is safe to be a file’s name, whatever the site is called, and tells sites apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (site) => {
        expect(isReportId(reportId('plant', '2026-11-16', 7, site))).toBe(true)
      }),
    )
    expect(reportId('fleet', '2026-11-16', 7, null)).toBe('fleet-2026-11-16')
    expect(reportId('fleet', '2026-11-16', 3, null)).toBe('fleet-2026-11-16-3d')
    expect(new Set(['a', 'b', 'ab', ''].map((site) => reportId('plant', '2026-11-16', 7, site))).size).toBe(4)
    for (const bad of ['../x', 'plant-2026-11-16.json', 'plant', 'other-2026-11-16']) expect(isReportId(bad)).toBe(false) // prettier-ignore
  })
})

const sections: Section[] = [
  { kind: 'figures', title: 'At a glance', figures: [{ label: 'Machines', value: 3, unit: '', digits: 0, note: '' }, { label: 'Unknown', value: null, unit: 'h', digits: 1, note: 'n' }] }, // prettier-ignore
  { kind: 'table', title: 'T', columns: [{ title: 'Machine' }, { title: 'Hours', unit: 'h', digits: 1 }, { title: 'Last' }], rows: [['m-1', 1.25, 'a "quoted", text'], ['=cmd()', null, '-5']], empty: 'none', note: '' }, // prettier-ignore
  { kind: 'bars', bars: { title: 'B', unit: 'km', digits: 0, labels: ['Mon 16', 'Tue 17'], series: [{ name: 'distance', tone: 'calm', values: [5, 0] }] } }, // prettier-ignore
  { kind: 'chart', chart: { title: 'C', unit: 'Cel', at: [FROM, FROM + 1000], mean: [1, null], min: [0.5, null], max: [2, null], limits: { high: 3 }, spans: [{ from: FROM, to: FROM + DAY, severity: 'major' }] } }, // prettier-ignore
]

describe('reportCsv', () => {
  it('has one value a row, six fields each, quoted where needed, and no formula', () => {
    const rows = reportCsv(report(sections)).split('\r\n')
    expect(rows[0]).toBe('section,item,field,time,value,unit')
    expect(rows).toContain('T,m-1,Hours,,1.25,h')
    expect(rows).toContain('T,m-1,Last,,"a ""quoted"", text",')
    expect(rows).toContain("T,'=cmd(),Last,,-5,")
    expect(rows).toContain('B,distance,Mon 16,,5,km')
    expect(rows).toContain('C,C,mean,2026-11-15T23:00:00.000Z,1,Cel')
    expect(rows.filter((row) => row.startsWith('C,C,'))).toHaveLength(3)
    expect(rows.at(-1)).toBe('')
  })
})

describe('reportPdf', () => {
  it('gives the same bytes for the same report, with its title, period and numbers', () => {
    const bytes = reportPdf(report(sections))
    expect(bytes).toEqual(reportPdf(report(sections)))
    const text = objectsOf(bytes).join('\n')
    for (const words of ['(Plant report)', '(2026-11-16 to 2026-11-22, all sites. Times in Europe/Berlin.)', '(m-1)', '(1.3)', '(Mon 16)', '(1 of 1)']) expect(text).toContain(words) // prettier-ignore
  })

  it('goes on to as many pages as a long table needs, each with its heads', () => {
    const rows = Array.from({ length: 200 }, (_, i) => [`machine-${i}`, i])
    const text = objectsOf(reportPdf(report([{ kind: 'table', title: 'Long', columns: [{ title: 'Name' }, { title: 'Count', digits: 0 }], rows, empty: '', note: '' }]))).join('\n') // prettier-ignore
    const pages = text.split('/Type /Page ').length - 1
    expect(pages).toBeGreaterThan(3)
    expect(text.split('(Name) Tj').length - 1).toBe(pages)
    expect(text).toContain('(machine-199)')
    expect(text).toContain(`(${pages} of ${pages})`)
  })

  it('draws charts without data, with one value, and with any values', () => {
    const number = fc.option(fc.double({ min: -1e12, max: 1e12, noNaN: true }))
    fc.assert(
      fc.property(fc.array(number, { maxLength: 30 }), (mean) => {
        const at = mean.map((_, i) => FROM + i * 3_600_000)
        const chart = { title: 'x', unit: '', at, mean, min: mean, max: mean, reference: mean }
        const bytes = reportPdf(report([{ kind: 'chart', chart }, { kind: 'bars', bars: { title: '', unit: '', digits: 0, labels: at.map(String), series: [{ name: 's', tone: 'critical', values: mean.map((v) => Math.abs(v ?? 0)) }] } }])) // prettier-ignore
        for (const object of objectsOf(bytes)) expect(object).not.toMatch(/NaN|Infinity|\d[eE][+-]\d/)
      }),
      { numRuns: 60 },
    )
  })
})
