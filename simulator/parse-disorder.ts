import type { Disorder } from './disorder.ts'
import { fields, number } from './given.ts'

/** What goes wrong on the way, from its JSON form. */
export function parseDisorder(json: unknown): Disorder {
  const given = fields(json, 'disorder', ['loss', 'duplicates', 'late', 'skew', 'reconnectStorms'])
  const share = (value: unknown, where: string): number => number(value, where, 0, 1)
  const disorder: Disorder = {}
  if (given['loss'] !== undefined) disorder.loss = share(given['loss'], 'disorder.loss')
  if (given['duplicates'] !== undefined)
    disorder.duplicates = share(given['duplicates'], 'disorder.duplicates')
  if (given['late'] !== undefined) {
    const late = fields(given['late'], 'disorder.late', ['share', 'byS'])
    disorder.late = { share: share(late['share'], 'disorder.late.share'), byS: number(late['byS'], 'disorder.late.byS', 0, 1e7) } // prettier-ignore
  }
  if (given['skew'] !== undefined) {
    const skew = fields(given['skew'], 'disorder.skew', ['share', 'byS'])
    disorder.skew = { share: share(skew['share'], 'disorder.skew.share'), byS: number(skew['byS'], 'disorder.skew.byS', 0, 1e7) } // prettier-ignore
  }
  if (given['reconnectStorms'] !== undefined) {
    const storms = fields(given['reconnectStorms'], 'disorder.reconnectStorms', ['everyS', 'lastsS'])
    const everyS = number(storms['everyS'], 'disorder.reconnectStorms.everyS', 1, 1e7)
    disorder.reconnectStorms = { everyS, lastsS: number(storms['lastsS'], 'disorder.reconnectStorms.lastsS', 0.1, everyS) } // prettier-ignore
  }
  return disorder
}
