import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAuthority } from '../../src/adapters/local/ca/authority.ts'
import { examineDirectory } from '../../src/cli/support/examine-box.ts'

const DAY = 86_400_000
const START = Date.UTC(2026, 10, 29)

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'telltale-doctor-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** A box that was started on these days of its life, as its directory looks on the last of them. */
async function livedThrough(...days: number[]): Promise<void> {
  for (const day of days)
    await openAuthority({ dir: join(dir, 'ca'), clock: { now: () => START + day * DAY, elapsed: () => 0 }, validityDays: { root: 1000, device: 300, server: 200 } }) // prettier-ignore
}
const said = (day: number, check: string) => {
  const found = examineDirectory(dir, START + day * DAY).find((finding) => finding.check === check)
  return found && `${found.status}: ${found.found}`
}

describe('examineDirectory', () => {
  it('warns sixty days ahead of a server certificate that nothing renews', async () => {
    await livedThrough(0)
    expect(said(100, 'server certificate')).toBe('ok: until 2027-06-17')
    expect(said(150, 'server certificate')).toBe('warn: expires on 2027-06-17')
    expect(said(300, 'server certificate')).toBe('fail: expired on 2027-06-17')
  })

  it('does not blame a box for a server certificate that ends with the old root', async () => {
    await livedThrough(0, 750, 960)
    expect(said(960, 'server certificate')).toBe('ok: until 2029-08-25, with the old root; the next is the new root’s') // prettier-ignore
    expect(said(960, 'old root')).toContain('ends on 2029-08-25')
    expect(said(1001, 'server certificate')).toBe('fail: expired on 2029-08-25')
    await livedThrough(995)
    expect(said(995, 'server certificate')).toBe('ok: until 2030-03-08')
  })
})
