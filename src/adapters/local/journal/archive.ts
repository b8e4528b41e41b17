import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { ARCHIVED, mentions, type RawRecord } from '../../../ports/raw-record.ts'
import { decodeFrames, encodeFrames } from './frames.ts'

/**
 * Raw envelopes after the journal has let go of them: raw/dt=<day of the last receipt>/<first position>.zst, so that a
 * file whose day has expired holds nothing younger. Each file is a run of blocks: u32 length of the block, u32 of its rows as they were, then zstd of rows; a row is f64 first position, u32
 * length, and the journal's frames.
 */
const BLOCK_BYTES = 4 * 1024 * 1024
const DAY = 86_400_000

/** Compresses the journal files that wait, one after the other. Gives how many. */
export function archivePending(rawDir: string): number {
  const pending = join(rawDir, 'pending')
  if (!existsSync(pending)) return 0
  const names = readdirSync(pending)
    .filter((name) => name.endsWith('.db'))
    .sort()
  for (const name of names) {
    archive(rawDir, join(pending, name))
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(pending, name) + suffix, { force: true })
  }
  return names.length
}

interface Row {
  first: number
  data: Uint8Array
}

function archive(rawDir: string, file: string): void {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const rows = db.prepare('SELECT first, data FROM row ORDER BY first').all() as unknown as Row[]
    const [head] = rows
    if (!head) return
    let last = 0
    for (const [i, { first, data }] of rows.entries()) {
      const records = decodeFrames(data, BigInt(first))
      last = records.at(-1)?.receivedAt ?? last
      // What was sent again from the archive is in it already.
      if (records.some(isArchived))
        rows[i] = { first, data: encodeFrames(records.map((r) => (isArchived(r) ? blank(r) : r))) }
    }
    const day = new Date(last).toISOString().slice(0, 10)
    writeRows(join(rawDir, `dt=${day}`, `${String(head.first).padStart(16, '0')}.zst`), rows)
  } finally {
    db.close()
  }
}

function writeRows(target: string, rows: readonly Row[]): void {
  mkdirSync(join(target, '..'), { recursive: true })
  const fd = openSync(`${target}.tmp`, 'w')
  try {
    let parts: Buffer[] = []
    let bytes = 0
    const flush = (): void => {
      if (bytes === 0) return
      const packed = zstdCompressSync(Buffer.concat(parts))
      const head = Buffer.alloc(8)
      head.writeUInt32LE(packed.length, 0)
      head.writeUInt32LE(bytes, 4)
      writeSync(fd, head)
      writeSync(fd, packed)
      parts = []
      bytes = 0
    }
    for (const { first, data } of rows) {
      const head = Buffer.alloc(12)
      head.writeDoubleLE(first, 0)
      head.writeUInt32LE(data.length, 8)
      parts.push(head, Buffer.from(data))
      bytes += 12 + data.length
      if (bytes > BLOCK_BYTES) flush()
    }
    flush()
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(`${target}.tmp`, target)
}

function* rowsOf(file: string): Generator<Row> {
  const data = readFileSync(file)
  for (let at = 0; at < data.length;) {
    const packed = data.readUInt32LE(at)
    const block = zstdDecompressSync(data.subarray(at + 8, at + 8 + packed))
    at += 8 + packed
    for (let p = 0; p < block.length;) {
      const length = block.readUInt32LE(p + 8)
      yield { first: block.readDoubleLE(p), data: block.subarray(p + 12, p + 12 + length) }
      p += 12 + length
    }
  }
}

const daysOf = (rawDir: string): string[] =>
  existsSync(rawDir)
    ? readdirSync(rawDir)
        .filter((name) => name.startsWith('dt='))
        .sort()
    : []
const filesOf = (rawDir: string): string[] =>
  daysOf(rawDir).flatMap((day) =>
    readdirSync(join(rawDir, day))
      .filter((f) => f.endsWith('.zst'))
      .sort()
      .map((f) => join(rawDir, day, f)),
  )

/** Archived records received within [from, to), in order. What of a damaged file cannot be read is left out, and told. */
export function* readArchive(
  rawDir: string,
  from: number,
  to: number,
  onDamaged: (file: string) => void = () => {},
): Generator<RawRecord[]> {
  let before = -Infinity
  for (const file of filesOf(rawDir)) {
    const day = dayOfFolder(file)
    // Everything in it was received before `from`, or after a file that ended after `to`.
    if (day + DAY <= from || before > to) continue
    before = day
    try {
      for (const { first, data } of rowsOf(file)) {
        const records = decodeFrames(data, BigInt(first)).filter(
          (r) => r.receivedAt >= from && r.receivedAt < to,
        )
        if (records.length > 0) yield records
      }
    } catch {
      onDamaged(file)
    }
  }
}

const dayOfFolder = (file: string): number => Date.parse(basename(dirname(file)).slice(3))

/** Drops days before this instant; gives how many. */
export function expireArchive(rawDir: string, before: number): number {
  const gone = daysOf(rawDir).filter((day) => Date.parse(day.slice(3)) + DAY <= before)
  for (const day of gone) rmSync(join(rawDir, day), { recursive: true, force: true })
  return gone.length
}

/** Rewrites every archived file that mentions the device, without its messages; one that cannot be read goes whole. */
export function eraseFromArchive(rawDir: string, thing: string): number {
  let rewritten = 0
  for (const file of filesOf(rawDir)) {
    try {
      const rows = withoutThing(file, thing)
      if (rows === null) continue
      writeRows(file, rows)
    } catch {
      rmSync(file)
    }
    rewritten++
  }
  return rewritten
}

/** A record that goes leaves an empty one of the platform's own, so that positions stay. */
const blank = ({ position, receivedAt }: RawRecord): RawRecord => ({
  position,
  receivedAt,
  topic: '$erased',
  client: '',
  payload: new Uint8Array(),
})
const isArchived = ({ replayOf }: RawRecord): boolean => replayOf?.startsWith(ARCHIVED) ?? false

/** The file's rows without what mentions the device; null where nothing does. */
function withoutThing(file: string, thing: string): Row[] | null {
  let found = false
  const rows: Row[] = []
  for (const { first, data } of rowsOf(file)) {
    const records = decodeFrames(data, BigInt(first))
    const kept = records.map((r) => (mentions(r, thing) ? blank(r) : r))
    const touched = kept.some((r, i) => r !== records[i])
    found ||= touched
    rows.push({ first, data: touched ? encodeFrames(kept) : Buffer.from(data) })
  }
  return found ? rows : null
}
