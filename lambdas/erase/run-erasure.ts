import type { ErasureWork } from '../../src/adapters/aws/dynamo/dynamo-erasure-work.ts'
import type { Erasure } from '../../src/adapters/aws/dynamo/erasure-item.ts'
import { bucketName } from '../../src/adapters/aws/lake/bucket-name.ts'
import type { LakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import type { Place } from '../../src/adapters/aws/lake/landing.ts'
import { landedTables } from '../../src/adapters/aws/lake/lake-rows.ts'
import { DAY, dayOf } from '../../src/core/history/lake-layout.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { ShadowDesk } from '../../src/ports/shadow-desk.ts'
import {
  eraseDocuments,
  eraseFromArchive,
  eraseFromFailures,
  type Sweep,
  type Swept,
} from './erase-objects.ts'

export interface ErasureParts {
  erasures: ErasureWork
  /** Removes the items of a device from every table. */
  eraseItems(thing: string, last: boolean): Promise<number>
  shadows: Pick<ShadowDesk, 'names' | 'remove'>
  /** False where the hot store cannot. */
  eraseHot(thing: string): Promise<boolean>
  hotDays: number
  lake: LakeFiles
  failures: LakeFiles
  outputStream: string
  /** Asks for places to be looked through, each by the one worker that may. */
  ask(places: readonly Place[], thing: string, run: string): Promise<void>
  now(): EpochMs
  outOfTime(): boolean
}

/** In this order, so that what feeds a store is empty before the store is. */
const steps = ['items', 'hot', 'failures', 'archive', 'documents', 'lake', 'wait'] as const
type Step = (typeof steps)[number]

/**
 * A device is erased in two passes over everything: at once, and again when nothing of before can still arrive. Each step
 * may be done again from its cursor, so a run that dies anywhere is made up for by the next one. Gives the erasure as it
 * stands.
 */
export async function runErasure(given: Erasure, parts: ErasureParts): Promise<Erasure> {
  const { erasures, now, outOfTime } = parts
  let erasure = given
  const save = async (change: Partial<Erasure>): Promise<void> => {
    erasure = { ...erasure, ...change }
    await erasures.save(erasure)
  }
  if (erasure.state === 'settling' && now() >= erasure.settlesAt)
    await save({ state: 'erasing', pass: 2, step: 'items', cursor: '' })
  while (erasure.state === 'erasing' && !outOfTime()) {
    const step = steps.find((name) => name === erasure.step) ?? steps[0]
    const { done, ...change } = await work[step](erasure, parts)
    if (!done) {
      await save({ step, ...change })
      break
    }
    const next = steps[steps.indexOf(step) + 1]
    if (next !== undefined) await save({ ...change, step: next, cursor: '' })
    else if (erasure.pass === 1) await save({ ...change, state: 'settling', step: '', cursor: '' })
    else await save({ ...change, state: 'erased', finishedAt: now(), step: '', cursor: '' })
  }
  return erasure
}

type Outcome = Partial<Erasure> & { done: boolean }

const work: Readonly<Record<Step, (erasure: Erasure, parts: ErasureParts) => Promise<Outcome>>> = {
  items: async ({ thing, pass, items }, { eraseItems, shadows }) => {
    for (const name of await shadows.names(thing)) await shadows.remove(thing, name)
    return { done: true, items: items + (await eraseItems(thing, pass === 2)) }
  },
  hot: async ({ thing, requestedAt, settlesAt }, { eraseHot, hotDays }) => {
    if (await eraseHot(thing)) return { done: true }
    // A name that is registered again before would show what its predecessor sent.
    const forgetsAt = requestedAt + (hotDays + 1) * DAY
    return { done: true, hotStoreForgetsAt: forgetsAt, settlesAt: Math.max(settlesAt, forgetsAt) }
  },
  failures: async (erasure, parts) =>
    swept(erasure, await eraseFromFailures(sweepOf(erasure, parts, parts.failures), parts.outputStream)),
  archive: async (erasure, parts) =>
    swept(erasure, await eraseFromArchive(sweepOf(erasure, parts, parts.lake))),
  documents: async (erasure, parts) =>
    swept(erasure, await eraseDocuments(sweepOf(erasure, parts, parts.lake))),
  lake: async (erasure, { lake, erasures, ask, now }) => {
    const places = await placesOf(erasure.thing, lake)
    await erasures.addPlaces(erasure.id, places)
    await ask(places, erasure.thing, String(now()))
    return { done: true, cursor: '' }
  },
  wait: async ({ id, thing, cursor }, { erasures, ask, now }) => {
    const places = await erasures.places(id)
    if (places.length === 0) return { done: true }
    const askedAt = Number(cursor)
    if (cursor !== '' && now() - askedAt < ASK_AGAIN_MS) return { done: false }
    // What was asked for first is asked for again only after a while: the queue tries it three times by itself.
    if (cursor !== '') await ask(places, thing, String(now()))
    return { done: false, cursor: String(now()) }
  },
}

const ASK_AGAIN_MS = 3_600_000

const sweepOf = ({ thing, cursor }: Erasure, { outOfTime }: ErasureParts, files: LakeFiles): Sweep => ({
  files,
  thing,
  after: cursor,
  outOfTime,
})

const swept = ({ files }: Erasure, { changed, next }: Swept): Outcome => ({
  done: next === null,
  files: files + changed,
  ...(next !== null && { cursor: next }),
})

/** The device's bucket of every day of which the lake has anything. */
async function placesOf(thing: string, lake: Pick<LakeFiles, 'folders'>): Promise<Place[]> {
  const bucket = bucketName(thing)
  const places: Place[] = []
  for (const table of landedTables) {
    const kinds = table === 'readings' ? ['readings'] : ['windows', 'quarters', 'days']
    const folders = await Promise.all(
      [...kinds, `landing/${table}`].map(async (kind) => lake.folders(`${kind}/`, '/')),
    )
    const days = new Set(folders.flat().map((folder) => /\/dt=(\d{4}-\d\d-\d\d)\/$/.exec(folder)?.[1]))
    for (const date of days)
      if (date !== undefined) places.push({ table, day: dayOf(Date.parse(date)), bucket })
  }
  return places.sort((a, b) => a.day - b.day)
}
