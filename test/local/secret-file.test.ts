import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readOrMakeSecret } from '../../local/secret-file.ts'

describe('readOrMakeSecret', () => {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-secret-'))
  const file = join(dir, 'token')
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('makes a secret once, for its owner only, and anew where a crash left an empty file', () => {
    writeFileSync(file, '')
    expect(readOrMakeSecret(file, () => 'made').toString()).toBe('made')
    expect(readOrMakeSecret(file, () => 'another').toString()).toBe('made')
    expect(readFileSync(file, 'utf8')).toBe('made')
    rmSync(file)
    expect(readOrMakeSecret(file, () => Buffer.from([0, 255]))).toEqual(Buffer.from([0, 255]))
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})
