import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { lockDataDirectory } from '../../src/adapters/local/data-directory.ts'
import { startFailure } from '../../src/cli/support/start-failure.ts'

const dir = mkdtempSync(join(tmpdir(), 'telltale-start-'))
afterAll(() => rmSync(dir, { recursive: true }))
const failureOf = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return startFailure(error)
  }
}
const file = join(dir, 'file')
writeFileSync(file, '')

describe('startFailure', () => {
  it('says in one line what is wrong with the data directory, and what to do', () => {
    expect(failureOf(() => lockDataDirectory(file))).toMatchObject({
      exit: 'failed',
      message: expect.stringMatching(
        /^the data directory cannot be used \(.*\): it is a file; name a dir/,
      ) as string,
    })
    expect(failureOf(() => lockDataDirectory(join(file, 'inside')))).toMatchObject({
      message: expect.stringContaining('a part of its path is a file') as string,
    })
    expect(
      failureOf(() => {
        const db = new DatabaseSync(join(dir, 'small.db'))
        db.exec('CREATE TABLE t (x); PRAGMA max_page_count = 2')
        db.prepare('INSERT INTO t VALUES (zeroblob(100000))').run()
      }),
    ).toMatchObject({
      message: 'the data directory cannot be used (database or disk is full): free the disk',
    })
  })

  it('says that the directory is in use while another process is still writing its number', () => {
    const other = new DatabaseSync(join(dir, 'lock'))
    other.exec('BEGIN EXCLUSIVE')
    expect(failureOf(() => lockDataDirectory(dir))).toMatchObject({ exit: 'inUse' })
    other.close()
  })
})
