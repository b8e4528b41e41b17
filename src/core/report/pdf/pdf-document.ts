import { textWidth } from './helvetica.ts'
import { winAnsi } from './win-ansi.ts'

/** A colour as #rrggbb. */
export type Colour = `#${string}`

export interface TextStyle {
  size: number
  bold?: boolean
  colour?: Colour
  align?: 'left' | 'right' | 'centre'
}
export interface LineStyle {
  width: number
  colour: Colour
  dash?: readonly number[]
}
type Point = readonly [x: number, y: number]

/** A page in points, measured from its upper left corner. */
export interface PdfPage {
  readonly width: number
  readonly height: number
  /** y is the base line. */
  text(x: number, y: number, text: string, style: TextStyle): void
  line(points: readonly Point[], style: LineStyle): void
  polygon(points: readonly Point[], colour: Colour): void
  rectangle(x: number, y: number, width: number, height: number, colour: Colour): void
}

export interface PdfDocument {
  page(): PdfPage
  /** The file. Pages may be written on until then. */
  bytes(): Uint8Array
}

/** ISO 216 A4. */
const WIDTH = 595.28
const HEIGHT = 841.89

/**
 * A PDF 1.4 of text in the standard fonts, lines and areas: all that a report needs, without a byte that depends on
 * anything but what is drawn. Clauses are those of PDF 32000-1:2008.
 */
export function pdfDocument(title: string): PdfDocument {
  const pages: string[][] = []
  return {
    page() {
      const content: string[] = []
      pages.push(content)
      return drawing(content)
    },
    bytes: () => file(title, pages),
  }
}

function drawing(content: string[]): PdfPage {
  const point = ([x, y]: Point): string => `${number(x)} ${number(HEIGHT - y)}`
  const path = ([first, ...rest]: readonly Point[]): string =>
    first ? [`${point(first)} m`, ...rest.map((p) => `${point(p)} l`)].join(' ') : ''
  return {
    width: WIDTH,
    height: HEIGHT,
    text(x, y, text, { size, bold = false, colour = '#000000', align = 'left' }) {
      if (text === '') return
      const room = align === 'left' ? 0 : textWidth(text, size, bold) * (align === 'right' ? 1 : 0.5)
      const at = `1 0 0 1 ${number(x - room)} ${number(HEIGHT - y)} Tm`
      content.push(
        `BT /${bold ? 'B' : 'R'} ${number(size)} Tf ${rgb(colour)} rg ${at} ${literal(text)} Tj ET`,
      )
    },
    line(points, { width, colour, dash = [] }) {
      if (points.length < 2) return
      content.push(
        `${number(width)} w ${rgb(colour)} RG [${dash.map(number).join(' ')}] 0 d ${path(points)} S`,
      )
    },
    polygon(points, colour) {
      if (points.length > 2) content.push(`${rgb(colour)} rg ${path(points)} h f`)
    },
    rectangle(x, y, width, height, colour) {
      content.push(`${rgb(colour)} rg ${point([x, y + height])} ${number(width)} ${number(height)} re f`)
    },
  }
}

/** Never an exponent, which the syntax does not know (7.3.3), and nothing beyond what readers take (annex C.2). */
function number(value: number): string {
  const text = Math.max(-FARTHEST, Math.min(FARTHEST, value))
    .toFixed(2)
    .replace(/\.?0+$/, '')
  return text === '-0' ? '0' : text
}

const FARTHEST = 32_000

function rgb(colour: Colour): string {
  const n = Number.parseInt(colour.slice(1), 16)
  return [n >> 16, (n >> 8) & 255, n & 255].map((part) => number(part / 255)).join(' ')
}

/** A literal string (7.3.4.2): brackets and backslashes are escaped, bytes beyond ASCII written in octal. */
function literal(text: string): string {
  const out = winAnsi(text).map((code) => {
    if (code === 0x28 || code === 0x29 || code === 0x5c) return `\\${String.fromCharCode(code)}`
    return code < 0x7f ? String.fromCharCode(code) : `\\${code.toString(8)}`
  })
  return `(${out.join('')})`
}

/** Header, numbered objects, their places, trailer (7.5). Every character of it is one byte. */
function file(title: string, pages: readonly (readonly string[])[]): Uint8Array {
  const CATALOG = 1
  const PAGES = 2
  const INFO = 3
  const REGULAR = 4
  const BOLD = 5
  const first = 6
  const font = (name: string): string => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>` // prettier-ignore
  const objects = [
    `<< /Type /Catalog /Pages ${PAGES} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>`,
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${first + 2 * i} 0 R`).join(' ')}] >>`,
    `<< /Title ${literal(title)} /Producer (Telltale) >>`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    ...pages.flatMap((content, i) => {
      const stream = content.join('\n')
      return [
        `<< /Type /Page /Parent ${PAGES} 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Resources << /Font << /R ${REGULAR} 0 R /B ${BOLD} 0 R >> >> /Contents ${first + 2 * i + 1} 0 R >>`, // prettier-ignore
        `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
      ]
    }),
  ]
  let text = '%PDF-1.4\n'
  const places = objects.map((object, i) => {
    const place = text.length
    text += `${i + 1} 0 obj\n${object}\nendobj\n`
    return place
  })
  const start = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  for (const place of places) text += `${String(place).padStart(10, '0')} 00000 n \n`
  text += `trailer\n<< /Size ${objects.length + 1} /Root ${CATALOG} 0 R /Info ${INFO} 0 R >>\nstartxref\n${start}\n%%EOF\n`
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
