import type { DynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import type { OutboxEntry, Transition } from '../../src/core/alarm/transition.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import { createDelivery } from '../../src/pipeline/delivery.ts'
import type { JobSources } from '../../src/pipeline/jobs/job.ts'
import { jobs } from '../../src/pipeline/jobs/jobs.ts'
import { CLOSED_AFTER_MS, createJobRunner } from '../../src/pipeline/jobs/run-jobs.ts'
import { repair } from '../../src/pipeline/jobs/repair.ts'
import type { AlarmBook } from '../../src/ports/alarm-book.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { CommandDesk } from '../../src/ports/command-desk.ts'
import type { ConfigStore } from '../../src/ports/config-store.ts'
import type { JobLedger } from '../../src/ports/job-ledger.ts'
import type { MarkBook, RepairBound } from '../../src/ports/mark-book.ts'
import type { Notifier } from '../../src/ports/notifier.ts'
import type { Output } from '../../src/ports/output.ts'
import type { SetPointDesk } from '../../src/ports/set-point-desk.ts'
import type { WorkOrders } from '../../src/ports/work-orders.ts'
import { tellUntold } from './tell-untold.ts'

export interface MinuteParts {
  sources: JobSources & { orders: WorkOrders }
  ledger: JobLedger
  marks: MarkBook
  bound: Pick<RepairBound, 'raise'>
  output: Pick<Output, 'write'>
  facts: Pick<DynamoFacts, 'write'>
  alarmBook: AlarmBook
  notifier: Notifier
  commands: CommandDesk
  setPoints: SetPointDesk
  config: ConfigStore
  clock: Clock
  /** Until when all that was received is folded and written to the output. */
  foldedUntil(): Promise<EpochMs>
  /** Whether the store holds all that has been written to the output by now. */
  storeCaughtUp(): Promise<boolean>
  /** What else follows repair: vehicles whose positions came late. */
  afterRepair(now: EpochMs): Promise<void>
  warn(message: string, error: unknown): void
}

export interface Minute {
  told: number
  repaired: number
  /** Jobs that failed and are tried at their next turn. */
  failed: string[]
  /** Whether jobs could look at closed minutes, or the store is behind. */
  stored: boolean
}

/** Minutes that one run repairs; a minute later comes the next. */
const REPAIRS_A_RUN = 20_000
/** A tick's barrier comes this much before the end of what its minute waits for. */
const SLACK_MS = 30_000

/** A minute's work, in this order: tell what is untold, repair what is dirty, then every job whose turn it is. */
export async function runMinute(parts: MinuteParts): Promise<Minute> {
  const { sources, ledger, marks, bound, output, facts, alarmBook, notifier, commands, config, clock, warn } = parts
  const failed: string[] = []
  const waiting: Promise<void>[] = []
  const told = await tellUntold(alarmBook, notifier, clock.now())
  // Only what is stored can be repaired from: what was folded by now is stored once the store has caught up.
  const foldedUntil = await parts.foldedUntil()
  const before = await parts.storeCaughtUp()
  const run = { now: clock.now(), foldedUntil, limit: REPAIRS_A_RUN }
  const repaired = before ? await repair({ marks, bound, telemetry: sources.reader, output }, run) : 0
  const stored = before && (await parts.storeCaughtUp())
  if (stored) await parts.afterRepair(clock.now())

  const tell = async (transition: Transition): Promise<void> => {
    try {
      await notifier.notify(transition)
      await alarmBook.told([transition.id])
    } catch (error) {
      warn('an alarm could not be told; the next minute tells it', error)
    }
  }
  const deliver = createDelivery({
    alarmBook,
    clock,
    tells: () => true,
    tell: (transitions) => void waiting.push(...transitions.map(tell)),
    commands,
    requests: { answer: async () => {} },
  })
  const runner = createJobRunner({
    jobs,
    sources,
    ledger,
    store: async (effects) =>
      facts.write(effects.flatMap((effect) => (effect.kind === 'fact' ? [effect.fact] : []))),
    deliver: async (entries: readonly OutboxEntry[]) => deliver(entries),
    setPoints: parts.setPoints,
    publish: async (changes) => config.put(changes),
    passed: async (at) =>
      stored && foldedUntil >= at + CLOSED_AFTER_MS - SLACK_MS && (await marks.before(at, 1)).length === 0,
    now: () => clock.now(),
    failed: (job, error) => {
      failed.push(job)
      warn(`job ${job} failed; it is tried again at its next turn`, error)
    },
  })
  try {
    await runner.runDue()
  } finally {
    // Lambda freezes what has not ended when the handler returns.
    await Promise.all(waiting)
  }
  return { told, repaired, failed, stored }
} // prettier-ignore
