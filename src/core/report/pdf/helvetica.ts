/**
 * Widths of the standard fonts' characters in thousandths of the size, from space (32) to tilde (126): Adobe Core 14
 * AFM files, Helvetica and Helvetica-Bold. A letter with an accent is as wide as the letter without.
 */
const regular = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]
const bold = [
  278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
  556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584,
  556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
  333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
]
const OTHER = 556

/** How wide a text is at a size, in the size's unit. */
export function textWidth(text: string, size: number, isBold = false): number {
  const widths = isBold ? bold : regular
  let sum = 0
  for (const character of text) {
    const base = character.normalize('NFD').charCodeAt(0)
    sum += widths[base - 32] ?? OTHER
  }
  return (sum * size) / 1000
}

/** The text, cut short with an ellipsis where it is wider than there is room. */
export function fitted(text: string, size: number, room: number, isBold = false): string {
  if (textWidth(text, size, isBold) <= room) return text
  let kept = text
  while (kept !== '' && textWidth(`${kept}…`, size, isBold) > room) kept = kept.slice(0, -1)
  return `${kept}…`
}
