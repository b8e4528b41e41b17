import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>

describe('NOTICE', () => {
  const notice = read('NOTICE')
  /** A scope that is named as a whole stands for all of its packages. */
  const names = (name: string): boolean =>
    new RegExp(`(^|[\\s,])${name.replaceAll('/', '\\/')}([\\s,]|$)`, 'm').test(notice) ||
    notice.includes(`${name.split('/')[0]}/*`)

  it('names every package that runs', () => {
    expect(Object.keys(dependencies).filter((name) => !names(name))).toEqual([])
  })

  it('names none that is not there', () => {
    const named = [...notice.matchAll(/^ {2}((?:@?[a-z][\w./*-]*,? ?)+)(?: {2,}|$)/gm)]
      .flatMap(([, list]) => list!.split(/,\s*|\s+/))
      .filter((name) => name !== '' && !name.startsWith('test/') && !name.startsWith('examples/'))
    expect(named.length).toBeGreaterThan(20)
    const known = Object.keys(dependencies)
    expect(named.filter((name) => !known.includes(name) && !known.some((k) => name.endsWith('/*') && k.startsWith(name.slice(0, -1))))).toEqual([]) // prettier-ignore
  })
})

describe('docs/dependencies.md', () => {
  it('gives every package its version and its reason, and lists no other', () => {
    const rows = [...read('docs/dependencies.md').matchAll(/^\| (\S+) +\| (\d\S*) +\| (.+?) +\|$/gm)]
    const listed = Object.fromEntries(rows.map(([, name, version]) => [name!, version!]))
    expect(listed).toEqual({ ...dependencies, ...devDependencies })
    for (const [, name, , reason] of rows) expect(reason!.length, name).toBeGreaterThan(3)
  })
})
