import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createTailReader } from '../src/adapters/local/tail/tail-reader.ts'
import { openTailForReading } from '../src/adapters/local/tail/schema.ts'
import { batchWindows, windowDifference } from '../test/support/batch.ts'
import { boxScript, child } from './load/children.ts'
import { dirtyTraffic, type Traffic } from './load/dirty-traffic.ts'
import { seeded } from './load/messages.ts'

export interface CrashOptions {
  rounds: number
  seed: number
  leastAcknowledged: number
}

export interface CrashResult extends Record<string, unknown> {
  rounds: number
  acknowledged: number
  lost: number
  duplicated: number
  differences: number
}

const DEVICES = 50
const job = { devices: DEVICES, tickEveryMs: 300, checkpointEveryMs: 250, segmentBytes: 2 ** 31 }

/** Kills a loaded box at a random moment, over and over, and holds what is left against what it acknowledged. */
export async function crash({ rounds, seed, leastAcknowledged }: CrashOptions): Promise<CrashResult> {
  const total = { rounds: 0, acknowledged: 0, lost: 0, duplicated: 0, differences: 0 }
  let least = Infinity
  for (let round = 0; round < rounds; round++) {
    const result = await oneRound(seed + round, leastAcknowledged)
    total.rounds++
    total.acknowledged += result.acknowledged
    total.lost += result.lost
    total.duplicated += result.duplicated
    total.differences += result.differences.length
    least = Math.min(least, result.acknowledged)
    for (const difference of result.differences.slice(0, 5)) console.error(`round ${round}: ${difference}`)
    if (process.stderr.isTTY || round % 10 === 9)
      console.error(
        `${round + 1} rounds: ${total.acknowledged} acknowledged, ${total.lost} lost, ${total.differences} differences`,
      )
  }
  return { bench: 'crash', seed, ...total, leastAcknowledgedInARound: least }
}

interface Started {
  ports: { plain: number }
}

async function oneRound(seed: number, leastAcknowledged: number) {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-crash-'))
  try {
    const random = seeded(seed)
    const victim = child(boxScript)
    const { ports } = await victim.ask<Started>({ job: { dir: join(dir, 'a'), ...job } }, 'started')
    const traffic = await dirtyTraffic({ port: ports.plain, devices: DEVICES, random })
    await traffic.acknowledgedAtLeast(leastAcknowledged)
    await new Promise((resolve) => setTimeout(resolve, random() * 700))
    await victim.kill('SIGKILL')
    traffic.stop()

    // A fresh box gets nothing but the crashed box's journal.
    cpSync(join(dir, 'a', 'journal'), join(dir, 'b', 'journal'), { recursive: true })
    for (const name of ['a', 'b']) await recover(join(dir, name))
    return compare(join(dir, 'a'), join(dir, 'b'), traffic)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function recover(dir: string): Promise<void> {
  const box = child(boxScript)
  await box.ask<Started>({ job: { dir, ...job, devices: 0 } }, 'started')
  await box.ask({ rest: true }, 'rested')
  box.send({ close: true })
  await box.kill('SIGCONT')
}

function compare(dirA: string, dirB: string, traffic: Traffic) {
  const db = openTailForReading(join(dirA, 'tail.db'))
  const reader = createTailReader(db)
  const closedBefore = Math.floor((Date.now() - 180_000) / 60_000)
  const everything = { from: 0, to: 4e12, limit: Number.MAX_SAFE_INTEGER }
  const differences: string[] = []
  let lost = 0
  let duplicated = 0
  for (const [thing, acknowledged] of traffic.acknowledged) {
    const stored = reader.readings({ thing, ...everything })
    const byKey = new Map<string, number>()
    for (const { measure, at, value } of stored) {
      const key = `${measure}|${at}`
      if (byKey.has(key)) duplicated++
      byKey.set(key, value!)
    }
    for (const [key, values] of acknowledged) {
      const found = byKey.get(key)
      if (found === undefined) lost++
      else if (!values.has(found))
        differences.push(`${thing} ${key} is ${found}, acknowledged was ${[...values].join(' or ')}`)
    }
    const numbers = stored.map(({ measure, at, value }) => ({ measure, at, value: value! }))
    const windows = new Map(
      reader.windows({ thing, ...everything }).map((w) => [`${w.measure}|${w.minute}`, w]),
    )
    const batch = batchWindows(numbers).filter((w) => w.minute < closedBefore)
    for (const w of batch) {
      const difference = windowDifference(windows.get(`${w.measure}|${w.minute}`), w)
      if (difference) differences.push(`${thing} ${difference}`)
    }
    const closed = [...windows.values()].filter((w) => w.minute < closedBefore).length
    if (closed !== batch.length)
      differences.push(`${thing} has ${closed} windows, batch says ${batch.length}`)
  }
  db.close()
  const [booksA, booksB] = [alarmBook(dirA), alarmBook(dirB)]
  for (const id of new Set([...booksA.keys(), ...booksB.keys()]))
    if (booksA.get(id) !== booksB.get(id))
      differences.push(`alarm ${id}: ${booksA.get(id)} against ${booksB.get(id)}`)
  if (booksA.size === 0)
    differences.push('no alarm was raised at all: the round proves nothing about the book')
  return { acknowledged: traffic.readings(), lost, duplicated, differences }
}

/** The book's alarms and events, but for the moment of recording and what people did. */
function alarmBook(dir: string): Map<string, string> {
  const db = new DatabaseSync(join(dir, 'book.db'), { readOnly: true })
  const rows = [
    ...db
      .prepare('SELECT id, active, severity, raised, cleared, transition, occurrences, why FROM alarm')
      .all(),
    ...db.prepare('SELECT id, alarm, at, kind, severity, text FROM alarm_event').all(),
  ]
  db.close()
  return new Map(
    rows.map((row) => [`${'why' in row ? 'alarm' : 'event'} ${String(row['id'])}`, JSON.stringify(row)]),
  )
}
