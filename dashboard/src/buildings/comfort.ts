/** ISO 7730:2005, table A.1: categories A, B and C end at 6, 10 and 15 percent dissatisfied. */
export function comfortTone(ppd: number | null): 'calm' | 'warning' | 'major' {
  if (ppd === null || ppd <= 10) return 'calm'
  return ppd <= 15 ? 'warning' : 'major'
}

export function comfortText(pmv: number | null, ppd: number | null): string {
  if (pmv === null || ppd === null) return 'not known'
  const feels = pmv > 0.5 ? 'warm' : pmv < -0.5 ? 'cool' : 'comfortable'
  return `${feels}, ${Math.round(ppd)} % dissatisfied`
}
