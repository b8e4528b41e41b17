import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createTailReader } from '../src/adapters/local/tail/tail-reader.ts'
import { openTailForReading } from '../src/adapters/local/tail/schema.ts'
import { batchWindows, windowDifference } from '../test/support/batch.ts'
import { boxScript, child, type Child } from './load/children.ts'
import { dirtyTraffic, type Traffic } from './load/dirty-traffic.ts'
import { seeded } from './load/messages.ts'
import { commit, machine } from './machine.ts'

export interface CrashOptions {
  rounds: number
  /** Of the first round; the next ones follow. */
  seed: number
  leastAcknowledged: number
}

interface Round {
  seed: number
  commit: string
  machine: string
  at: string
  seconds: number
  acknowledged: number
  lost: number
  duplicated: number
  differences: number
  /** Whether the box was killed once more while it recovered. */
  killedAgain: boolean
}

const DEVICES = 50
const MOST_BOXES_A_PROCESS = 50
/** Rounds run for hours in the background, at the lowest priority of a machine that has other work. */
const PATIENCE_MS = 3_600_000
const job = { devices: DEVICES, tickEveryMs: 300, checkpointEveryMs: 250, segmentBytes: 2 ** 31 }
/** Rounds that were run, one a line: what a run that was stopped goes on from. */
const record = new URL('./results/crash-rounds.jsonl', import.meta.url)

/**
 * Kills a loaded box at a random moment, over and over, and holds what is left against what it acknowledged. Every
 * round is kept as soon as it is done: the same command goes on where an earlier one was stopped.
 */
export async function crash({ rounds, seed, leastAcknowledged }: CrashOptions) {
  const done = new Map(recorded().map((round) => [round.seed, round]))
  const seeds = Array.from({ length: rounds }, (_, i) => seed + i)
  const left = seeds.filter((s) => !done.has(s))
  const recovery = openRecovery()
  const template = mkdtempSync(join(tmpdir(), 'telltale-crash-'))
  const version = { commit: commit(), machine: machine() }
  try {
    if (left.length > 0) await register(template)
    for (const [i, roundSeed] of left.entries()) {
      const round = {
        seed: roundSeed,
        ...version,
        ...(await oneRound(roundSeed, template, recovery.recover, leastAcknowledged)),
      }
      appendFileSync(record, `${JSON.stringify(round)}\n`)
      done.set(roundSeed, round)
      const { acknowledged, lost, duplicated, differences, seconds } = round
      console.error(
        `round ${rounds - left.length + i + 1} of ${rounds}, ${seconds} s: ${acknowledged} acknowledged, ${lost} lost, ${duplicated} duplicated, ${differences} differences`,
      )
    }
  } finally {
    await recovery.close()
    rmSync(template, { recursive: true, force: true })
  }
  return summary(
    seed,
    seeds.map((s) => done.get(s)!),
  )
}

function summary(seed: number, all: readonly Round[]) {
  const sum = (field: 'acknowledged' | 'lost' | 'duplicated' | 'differences'): number =>
    all.reduce((total, round) => total + round[field], 0)
  return {
    bench: 'crash',
    seed,
    rounds: all.length,
    acknowledged: sum('acknowledged'),
    lost: sum('lost'),
    duplicated: sum('duplicated'),
    differences: sum('differences'),
    leastAcknowledgedInARound: Math.min(...all.map((round) => round.acknowledged)),
    killedAgain: all.filter((round) => round.killedAgain).length,
    commits: [...new Set(all.map((round) => round.commit))],
  }
}

const recorded = (): Round[] =>
  existsSync(record)
    ? readFileSync(record, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Round)
    : []

interface Started {
  ports: { plain: number }
}

/** A data directory whose devices are registered, for every round to begin with a copy of. */
async function register(dir: string): Promise<void> {
  const box = child(boxScript)
  await box.ask<Started>({ job: { dir, ...job } }, 'started', PATIENCE_MS)
  box.send({ close: true })
  await box.kill('SIGCONT')
}

async function oneRound(
  seed: number,
  template: string,
  recover: (dir: string) => Promise<void>,
  leastAcknowledged: number,
): Promise<Omit<Round, 'seed' | 'commit' | 'machine'>> {
  const begun = Date.now()
  const random = seeded(seed)
  const dir = mkdtempSync(join(tmpdir(), 'telltale-crash-'))
  const [a, b] = [join(dir, 'a'), join(dir, 'b')]
  cpSync(template, a, { recursive: true })
  const victim = child(boxScript)
  const { ports } = await victim.ask<Started>({ job: { dir: a, ...job } }, 'started', PATIENCE_MS)
  const traffic = await dirtyTraffic({ port: ports.plain, devices: DEVICES, random })
  await traffic.acknowledgedAtLeast(leastAcknowledged)
  await new Promise((resolve) => setTimeout(resolve, random() * 300))
  await victim.kill('SIGKILL')
  traffic.stop()

  // A fresh box gets nothing but the crashed box's journal.
  cpSync(join(a, 'journal'), join(b, 'journal'), { recursive: true })
  const killedAgain = random() < 0.3
  if (killedAgain) await killWhileRecovering(a, random() * 1000)
  // Minutes that are over by then are written when `a` has recovered; how long `b` takes says nothing about it.
  const closedBefore = Math.floor((Date.now() - 180_000) / 60_000)
  await recover(a)
  await recover(b)
  const { differences, ...found } = compare(a, b, traffic, closedBefore)
  for (const difference of differences.slice(0, 5)) console.error(`seed ${seed}: ${difference}`)
  if (found.lost + found.duplicated + differences.length > 0) console.error(`seed ${seed}: kept in ${dir}`)
  else rmSync(dir, { recursive: true, force: true })
  return {
    at: new Date(begun).toISOString(),
    seconds: Math.round((Date.now() - begun) / 100) / 10,
    ...found,
    differences: differences.length,
    killedAgain,
  }
}

async function killWhileRecovering(dir: string, afterMs: number): Promise<void> {
  const box = child(boxScript)
  await box.ask({ job: { dir, ...job, devices: 0 } }, 'starting', PATIENCE_MS)
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  await box.kill('SIGKILL')
}

/** A process that recovers one directory after the other: most of a short round would be the start of processes. */
function openRecovery(): { recover(dir: string): Promise<void>; close(): Promise<void> } {
  let process_: Child | null = null
  let directories = 0
  const close = async (): Promise<void> => {
    await process_?.kill()
    process_ = null
  }
  return {
    recover: async (dir) => {
      if (directories++ % MOST_BOXES_A_PROCESS === 0) await close()
      process_ ??= child(boxScript)
      await process_.ask({ recover: { dir, ...job, devices: 0 } }, 'recovered', PATIENCE_MS)
    },
    close,
  }
}

function compare(dirA: string, dirB: string, traffic: Traffic, closedBefore: number) {
  const db = openTailForReading(join(dirA, 'tail.db'))
  const reader = createTailReader(db)
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
