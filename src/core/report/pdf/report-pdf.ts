import { cellText, isNumeric, numberText } from '../cell-text.ts'
import { isoDay, isoMinute, localParts } from '../local-text.ts'
import type { Column, Figure, Report, Section } from '../report.ts'
import { drawBars, drawChart, ink } from './draw-chart.ts'
import { fitted, textWidth } from './helvetica.ts'
import { pdfDocument, type PdfPage } from './pdf-document.ts'

const MARGIN = 42
const BOTTOM = 52
const GAP = 16
const CHART_HEIGHT = 122
const ROW = 14
const CELL = { size: 8.5 } as const
const FIGURES_A_ROW = 4

/** A report as a PDF of A4 pages. The same report gives the same bytes. */
export function reportPdf(report: Report): Uint8Array {
  const { title, from, to, timeZone, site, madeAt } = report
  const document = pdfDocument(`${title}, ${isoDay(localParts(from, timeZone))}`)
  const pages: PdfPage[] = []
  let page = next()
  let y = MARGIN

  function next(): PdfPage {
    const made = document.page()
    pages.push(made)
    return made
  }
  /** Goes to a new page unless so much room is left. */
  function need(height: number): void {
    if (y + height <= page.height - BOTTOM) return
    page = next()
    y = MARGIN
  }
  const inner = page.width - 2 * MARGIN

  page.text(MARGIN, y + 16, title, { size: 18, bold: true, colour: ink.text })
  const last = localParts(to - 1, timeZone)
  const where = site === null ? 'all sites' : site
  page.text(MARGIN, y + 32, fitted(`${isoDay(localParts(from, timeZone))} to ${isoDay(last)}, ${where}. Times in ${timeZone}.`, 9.5, inner), { size: 9.5, colour: ink.muted }) // prettier-ignore
  y += 50

  for (const section of report.sections) draw(section)
  pages.forEach((one, i) => {
    const foot = one.height - 26
    one.line([[MARGIN, foot - 12], [one.width - MARGIN, foot - 12]], { width: 0.5, colour: ink.line }) // prettier-ignore
    one.text(MARGIN, foot, `Telltale, made ${isoMinute(localParts(madeAt, timeZone))}`, { size: 8, colour: ink.muted }) // prettier-ignore
    one.text(one.width - MARGIN, foot, `${i + 1} of ${pages.length}`, { size: 8, colour: ink.muted, align: 'right' }) // prettier-ignore
  })
  return document.bytes()

  function draw(section: Section): void {
    switch (section.kind) {
      case 'figures':
        return figures(section.title, section.figures)
      case 'table':
        return table(section)
      case 'bars': {
        need(CHART_HEIGHT + 24)
        const { title, unit, series } = section.bars
        heading(unit === '' ? title : `${title}, ${unit}`, series.length > 1 ? series : [])
        drawBars(page, { x: MARGIN, y: y + 6, width: inner, height: CHART_HEIGHT - 6 }, section.bars)
        y += CHART_HEIGHT + GAP
        return
      }
      case 'chart': {
        need(CHART_HEIGHT + 24)
        const { title, unit } = section.chart
        heading(unit === '' ? title : `${title}, ${unit}`)
        drawChart(
          page,
          { x: MARGIN, y, width: inner, height: CHART_HEIGHT },
          section.chart,
          from,
          to,
          timeZone,
        )
        y += CHART_HEIGHT + GAP
      }
    }
  }

  function heading(text: string, legend: readonly { name: string; tone: keyof typeof ink }[] = []): void {
    page.text(MARGIN, y + 9, fitted(text, 10.5, inner, true), { size: 10.5, bold: true, colour: ink.text })
    let x = MARGIN + textWidth(text, 10.5, true) + 14
    for (const { name, tone } of legend) {
      page.rectangle(x, y + 3, 7, 7, ink[tone])
      page.text(x + 10, y + 9, name, { size: 8, colour: ink.muted })
      x += 20 + textWidth(name, 8)
    }
    y += 18
  }

  function figures(title: string, all: readonly Figure[]): void {
    const height = 46
    need(18 + height)
    heading(title)
    const width = inner / FIGURES_A_ROW
    for (let i = 0; i < all.length; i += FIGURES_A_ROW) {
      need(height)
      for (const [n, { label, value, unit, digits, note }] of all.slice(i, i + FIGURES_A_ROW).entries()) {
        const x = MARGIN + n * width
        const shown = numberText(value, digits)
        page.text(x, y + 8, fitted(label, 8, width - 8), { size: 8, colour: ink.muted })
        page.text(x, y + 24, shown, { size: 15, bold: true, colour: ink.text })
        page.text(x + textWidth(shown, 15, true) + 4, y + 24, unit, { size: 8.5, colour: ink.muted })
        page.text(x, y + 35, fitted(note, 7.5, width - 8), { size: 7.5, colour: ink.muted })
      }
      y += height
    }
    y += GAP - 6
  }

  function table({ title, columns, rows, empty, note }: Extract<Section, { kind: 'table' }>): void {
    need(18 + 3 * ROW)
    heading(title)
    if (rows.length === 0) {
      page.text(MARGIN, y + 9, fitted(empty, 9, inner), { size: 9, colour: ink.muted })
      y += ROW + GAP
      return
    }
    const widths = columnWidths(columns, rows, inner)
    const head = (): void => {
      cells(columns.map(titleOf), true)
      page.line([[MARGIN, y + 1], [MARGIN + inner, y + 1]], { width: 0.7, colour: ink.muted }) // prettier-ignore
      y += 3
    }
    const cells = (texts: readonly string[], muted = false): void => {
      let x = MARGIN
      for (const [i, text] of texts.entries()) {
        const [width, right] = [widths[i]!, isNumeric(columns[i]!)]
        const style = { ...CELL, colour: muted ? ink.muted : ink.text }
        const shown = fitted(text, CELL.size, width - 8)
        page.text(right ? x + width - 8 : x, y + 9, shown, { ...style, align: right ? 'right' : 'left' })
        x += width
      }
      y += ROW
    }
    head()
    for (const row of rows) {
      if (y + ROW > page.height - BOTTOM) {
        need(Infinity)
        head()
      }
      cells(columns.map((column, i) => cellText(row[i] ?? null, column)))
      page.line([[MARGIN, y], [MARGIN + inner, y]], { width: 0.3, colour: ink.line }) // prettier-ignore
    }
    if (note !== '') {
      need(ROW)
      page.text(MARGIN, y + 10, fitted(note, 8, inner), { size: 8, colour: ink.muted })
      y += ROW
    }
    y += GAP
  }
}

const titleOf = ({ title, unit }: Column): string => (unit === undefined || unit === '' ? title : `${title}, ${unit}`) // prettier-ignore

/** As wide as the widest cell; what is too much is taken from the columns of words, the widest first. */
function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly (string | number | null)[])[],
  room: number,
): number[] {
  const LEAST = 46
  const wanted = columns.map(
    (column, i) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(cellText(row[i] ?? null, column), CELL.size) + 12), textWidth(titleOf(column), CELL.size) + 12), // prettier-ignore
  )
  let over = wanted.reduce((a, b) => a + b, 0) - room
  while (over > 0) {
    const widest = wanted.reduce((best, width, i) => (!isNumeric(columns[i]!) && width > wanted[best]! ? i : best), columns.findIndex((c) => !isNumeric(c))) // prettier-ignore
    const give = Math.min(over, 8)
    if (widest < 0 || wanted[widest]! - give < LEAST) break
    wanted[widest]! -= give
    over -= give
  }
  const sum = wanted.reduce((a, b) => a + b, 0)
  const scale = sum > room ? room / sum : 1
  const fit = wanted.map((width) => width * scale)
  // What is left over goes to the first column of words.
  const first = columns.findIndex((column) => !isNumeric(column))
  if (sum < room) fit[Math.max(0, first)]! += room - sum
  return fit
}
