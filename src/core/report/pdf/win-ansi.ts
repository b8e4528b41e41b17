/** Code points beyond Latin-1 that the encoding has (PDF 32000-1, annex D.2). */
const beyond: Readonly<Record<string, number>> = {
  '€': 0x80, '‚': 0x82, 'ƒ': 0x83, '„': 0x84, '…': 0x85, '†': 0x86, '‡': 0x87, 'ˆ': 0x88, '‰': 0x89, 'Š': 0x8a,
  '‹': 0x8b, 'Œ': 0x8c, 'Ž': 0x8e, '‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '•': 0x95, '–': 0x96, '—': 0x97,
  '˜': 0x98, '™': 0x99, 'š': 0x9a, '›': 0x9b, 'œ': 0x9c, 'ž': 0x9e, 'Ÿ': 0x9f,
} // prettier-ignore
/** Letters that do not come apart into a letter and an accent, and signs that have a plain likeness. */
const like: Readonly<Record<string, string>> = {
  'Ł': 'L', 'ł': 'l', 'Đ': 'D', 'đ': 'd', 'Ħ': 'H', 'ħ': 'h', 'ı': 'i', 'Ŀ': 'L', 'ŀ': 'l', 'Ŧ': 'T', 'ŧ': 't',
  '−': '-', '‐': '-', '‑': '-', '₀': '0', '₁': '1', '₂': '2', '₃': '3', '₄': '4', '≤': '<=', '≥': '>=', '→': '->',
} // prettier-ignore

/**
 * A text in the encoding of the standard fonts, one byte a character. They have Western European letters only: others
 * lose their accent, and what has no likeness becomes a question mark.
 */
export function winAnsi(text: string): number[] {
  return Array.from(text).flatMap((character) => {
    const code = character.codePointAt(0)!
    if ((code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff)) return [code]
    const known = beyond[character]
    if (known !== undefined) return [known]
    const plain = like[character] ?? character.normalize('NFD').replaceAll(/\p{M}/gu, '')
    if (plain !== character && plain !== '') return winAnsi(plain)
    return [QUESTION]
  })
}
const QUESTION = 0x3f
