import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { openSegments } from '../../src/adapters/local/journal/segments.ts'
import { openTail } from '../../src/adapters/local/tail/schema.ts'
import { createTailWriter, type TailBatch } from '../../src/adapters/local/tail/tail-writer.ts'

const root = mkdtempSync(join(tmpdir(), 'telltale-power-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let made = 0
const freshDir = (): string => {
  const dir = join(root, String(made++))
  mkdirSync(dir)
  return dir
}

const images = (dir: string): Map<string, Buffer> =>
  new Map(readdirSync(dir).map((f) => [f, readFileSync(join(dir, f))]))

/** What a disk may do to bytes that no fsync has covered. */
const damage = fc.record({
  kind: fc.constantFrom('cut', 'zero', 'flip', 'garbage'),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 6000 }),
})
type Damage = { kind: 'cut' | 'zero' | 'flip' | 'garbage'; from: number; length: number }

/** Damages one file beyond `safe` bytes. */
function strike(file: string, safe: number, { kind, from, length }: Damage): void {
  const bytes = readFileSync(file)
  const at = safe + Math.floor((bytes.length - safe) * from)
  const end = Math.min(bytes.length, at + length)
  if (kind === 'cut') writeFileSync(file, bytes.subarray(0, at))
  else {
    for (let i = at; i < end; i++)
      bytes[i] = kind === 'zero' ? 0 : kind === 'flip' ? bytes[i]! ^ (1 << (i % 8)) : (i * 131) & 0xff
    writeFileSync(file, bytes)
  }
}

const row = (i: number) => ({ first: i * 3 + 1, n: 3, data: Buffer.alloc(400 + (i % 7) * 900, i % 256) })

describe('the journal after a power loss', () => {
  it('holds every record that was acknowledged, and nothing that was never sent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 8 }),
        damage,
        (synced, later, blow) => {
          const dir = freshDir()
          const segments = openSegments(dir, 1 << 30)
          for (let i = 0; i < synced; i++) segments.append(row(i))
          const log = readdirSync(dir).find((f) => f.endsWith('-wal'))!
          const safe = readFileSync(join(dir, log)).length
          for (let i = synced; i < synced + later; i++) segments.append(row(i))
          const crashed = freshDir()
          for (const file of readdirSync(dir))
            if (!file.endsWith('-shm')) copyFileSync(join(dir, file), join(crashed, file))
          segments.close()
          strike(join(crashed, log), safe, blow)

          const reopened = openSegments(crashed, 1 << 30)
          const rows = reopened.read(1, Infinity)
          expect(rows.length).toBeGreaterThanOrEqual(synced)
          for (const [i, { first, n, data }] of rows.entries())
            expect({ first, n, same: Buffer.compare(data, row(i).data) }).toEqual({
              first: i * 3 + 1,
              n: 3,
              same: 0,
            })
          expect(reopened.next()).toBe(rows.length * 3 + 1)
          reopened.append(row(rows.length))
          expect(reopened.read(1, Infinity).length).toBe(rows.length + 1)
          reopened.close()
        },
      ),
      { numRuns: 25, seed: 21 },
    )
  })
})

const batch = (over: Partial<TailBatch>): TailBatch => ({
  names: [],
  packs: new ArrayBuffer(0),
  packRows: new Float64Array(0),
  windows: [],
  anomalies: [],
  facts: [],
  dirty: [],
  quarantined: [],
  checkpoint: null,
  ...over,
})

/** Batch i: a window, some quarantined bytes to fill pages, and on every third a checkpoint. */
function written(i: number): TailBatch {
  return batch({
    names:
      i === 0
        ? [
            [1, 'thing'],
            [2, 'measure'],
          ]
        : [],
    windows: [{ thing: 'thing', measure: 'measure', minute: i, n: 1, sum: i, m2: 0, min: i, max: i, first: i, last: i, version: 1, repaired: false }], // prettier-ignore
    quarantined: [{ id: String(i + 1), topic: 't', client: 'c', receivedAt: i, payload: Buffer.alloc(3000, i), reason: 'bad_json', detail: '' }], // prettier-ignore
    checkpoint:
      i % 3 === 2
        ? {
            position: i,
            states: [{ thing: 'thing', version: i, measures: [], outbox: [], bytes: Buffer.alloc(900, i) }],
            births: [],
          }
        : null,
  })
}

function write(dir: string, from: number, to: number, db = openTail(join(dir, 'tail.db'))) {
  const writer = createTailWriter(db)
  for (let i = from; i < to; i++) {
    writer.apply(written(i))
    writer.commit(i % 3 === 2)
  }
  return db
}

function held(dir: string) {
  const db = openTail(join(dir, 'tail.db'))
  const { position, states } = createTailWriter(db).recover()
  const windows = db.prepare('SELECT minute, n, sum FROM window ORDER BY minute').all()
  const check = db.prepare('PRAGMA integrity_check').get()
  db.close()
  return {
    position,
    stateVersion: states[0]?.version ?? -1,
    stateByte: states[0]?.bytes[0] ?? -1,
    windows,
    check,
  }
}

describe('the tail after a power loss', () => {
  it('is a prefix of what was written that holds its last checkpoint whole', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 7 }),
        damage,
        (checkpoints, later, blow) => {
          const dir = freshDir()
          const db = write(dir, 0, checkpoints * 3)
          const safe = readFileSync(join(dir, 'tail.db-wal')).length
          write(dir, checkpoints * 3, checkpoints * 3 + later, db)
          const crashed = freshDir()
          for (const [file, bytes] of images(dir))
            if (!file.endsWith('-shm')) writeFileSync(join(crashed, file), bytes)
          db.close()
          strike(join(crashed, 'tail.db-wal'), safe, blow)

          const after = held(crashed)
          expect(after.check).toEqual({ integrity_check: 'ok' })
          expect(after.position).toBeGreaterThanOrEqual(checkpoints * 3 - 1)
          expect(after.stateVersion).toBe(after.position)
          expect(after.stateByte).toBe(after.position % 256)
          expect(after.windows).toEqual(after.windows.map((_, i) => ({ minute: i, n: 1, sum: i })))
          expect(after.windows.length).toBeGreaterThan(after.position)
        },
      ),
      { numRuns: 25, seed: 22 },
    )
  })

  it('survives a checkpoint of its log that stopped half-way with torn pages', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 8, maxLength: 64 }),
        fc.integer({ min: 3, max: 9 }),
        (kept, n) => {
          const dir = freshDir()
          const db = write(dir, 0, n)
          const before = images(dir)
          db.exec('PRAGMA wal_checkpoint(FULL)')
          const after = readFileSync(join(dir, 'tail.db'))
          db.close()
          const crashed = freshDir()
          writeFileSync(join(crashed, 'tail.db-wal'), before.get('tail.db-wal')!)
          // Every half page of the new file may have reached the disk or not.
          const old = before.get('tail.db')!
          const torn = Buffer.alloc(after.length)
          for (let at = 0, i = 0; at < after.length; at += 4096, i++) {
            const source = kept[i % kept.length] ? after : old
            if (at < source.length) source.copy(torn, at, at, Math.min(at + 4096, source.length))
          }
          writeFileSync(join(crashed, 'tail.db'), torn)
          expect(existsSync(join(crashed, 'tail.db-shm'))).toBe(false)
          const found = held(crashed)
          expect(found.check).toEqual({ integrity_check: 'ok' })
          expect(found.windows.length).toBe(n)
        },
      ),
      { numRuns: 15, seed: 23 },
    )
  })
})
