import type { Transition } from '../../core/alarm/transition.ts'
import { assess, type Assessment } from '../../core/maintenance/assess.ts'
import type { Machine } from '../../core/maintenance/failure-modes.ts'
import { ageHours } from '../../core/maintenance/lifetimes.ts'
import type { Weibull } from '../../core/maintenance/weibull.ts'
import { openWorkOrder, type WorkOrder } from '../../core/maintenance/work-order.ts'
import { MINUTE, type EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { Alarm } from '../../ports/alarm-book.ts'
import type { MachineLook } from '../../ports/machine-watch.ts'
import { machineKind, machineQuestion } from '../machine-profile.ts'
import { machineFacts } from '../machine-watch.ts'
import type { Job, JobOutcome, JobSources } from './job.ts'
import { lifetimesByKind } from './lifetimes-by-kind.ts'
import { machineAlarms, MAINTENANCE_RULE } from './machine-alarms.ts'

const HOUR = 3_600_000
/** Machines that are looked at together: one question to the model host. */
const BATCH = 50
const ORDERS = 200
/** Judgements take each other's place after a week. */
const HOURS_KEPT = 168
/** Distances at which the index would be 10: where a growing wear signal is taken to end. */
const WORN_OUT = Math.log2(100 / 10)

type Lifetimes = ReadonlyMap<Machine, Weibull | null>

/** Every hour: features, probability, health and what to do about it, for every machine. */
export const maintenance: Job = {
  name: 'maintenance',
  everyMinutes: 60,
  catchUp: 1,
  async *run(at, sources) {
    yield* judgements(sources.configuration.things(at), at, sources)
  },
}

/** The same for machines of which something critical has been seen in the minute before. */
export const criticalMaintenance: Job = {
  name: 'critical-maintenance',
  everyMinutes: 1,
  // A longer stop is made up for by the hourly judgement of all machines.
  catchUp: 60,
  async *run(at, sources) {
    yield* judgements(await criticalSince(sources, at - MINUTE, at), at, sources)
  },
}

async function* judgements(
  things: readonly string[],
  at: EpochMs,
  sources: JobSources,
): AsyncGenerator<JobOutcome> {
  const machines = things.filter((thing) => machineOf(sources, thing, at))
  if (machines.length === 0) return
  const lifetimes = await lifetimesByKind(sources, at)
  for (let i = 0; i < machines.length; i += BATCH)
    yield await judge(machines.slice(i, i + BATCH), at, sources, lifetimes)
}

const CRITICAL = 1000

/** Things that raised a critical alarm in the half-open range, other than by a judgement itself, and have not been done with since. */
async function criticalSince({ alarms }: JobSources, from: EpochMs, to: EpochMs): Promise<string[]> {
  const found = new Set<string>()
  for (const state of ['active', 'unacknowledged'] as const) {
    for (let cursor: string | undefined; ;) {
      const page: Alarm[] = await alarms.list({
        state,
        severity: 'critical',
        limit: CRITICAL,
        ...(cursor !== undefined && { cursor }),
      })
      for (const { thing, rule, raisedAt } of page)
        if (raisedAt >= from && raisedAt < to && rule !== MAINTENANCE_RULE) found.add(thing)
      if (page.length < CRITICAL) break
      cursor = page.at(-1)!.id
    }
  }
  return [...found].sort()
}

function machineOf(
  { configuration }: Pick<JobSources, 'configuration'>,
  thing: string,
  at: EpochMs,
): Machine | null {
  const profile = configuration.profile(thing, at)
  return profile?.device.status === 'active' ? machineKind(profile) : null
}

interface Subject extends MachineLook {
  thing: string
  machine: Machine
  orders: readonly WorkOrder[]
  installedAt: EpochMs | null
  maintainedAt: EpochMs | null
}

async function judge(
  things: readonly string[],
  at: EpochMs,
  sources: JobSources,
  lifetimes: Lifetimes,
): Promise<JobOutcome> {
  const facts: Fact[] = []
  const subjects: Subject[] = []
  for (const thing of things) {
    const found = await lookAt(thing, at, sources)
    if (!found) continue
    facts.push(...found.facts)
    subjects.push(found.subject)
  }
  const { scored, failures } = await score(subjects, sources)
  const orders: WorkOrder[] = []
  const transitions: Transition[] = []
  for (const [i, subject] of subjects.entries()) {
    const probability = scored?.probabilities[i]
    const assessment = assess({
      features: subject.features,
      score: scored && probability !== undefined ? { horizonHours: scored.horizonHours, probability } : null,
      history: historyOf(subject, at, lifetimes),
    })
    facts.push(healthFact(subject, at, assessment, scored?.version ?? null))
    // One mechanic goes there once: while an order stands, what is found besides belongs to it.
    const standing = subject.orders.some(({ status }) => status === 'open' || status === 'inProgress')
    const order = openWorkOrder(subject.orders, subject.thing, assessment, at)
    if (order.kind === 'moved' && !standing) orders.push(order.order)
    transitions.push(...(await machineAlarms(subject, at, assessment, sources.alarms)))
  }
  return { facts, orders, transitions, failures }
}

/** A host that does not answer takes the probabilities away, not the health. */
async function score(subjects: readonly Subject[], { models }: JobSources) {
  if (subjects.length === 0) return { scored: null, failures: [] }
  try {
    return { scored: await models.score(subjects.map(({ features }) => features)), failures: [] }
  } catch (error) {
    return { scored: null, failures: [{ what: 'failure probabilities', error }] }
  }
}

/** Everything that is known of one machine at the cut-off; null where nothing was measured in the last day. */
async function lookAt(
  thing: string,
  at: EpochMs,
  { configuration, orders, machines }: JobSources,
): Promise<{ subject: Subject; facts: readonly Fact[] } | null> {
  const profile = configuration.profile(thing, at)
  const machine = profile && machineKind(profile)
  if (!machine) return null
  const found = await orders.list({ thing, limit: ORDERS })
  const question = machineQuestion(profile, found, at)
  const look = await machines.look(question)
  if (!look) return null
  const { facts, ...seen } = look
  const { installedAt, maintainedAt } = question
  return {
    subject: {
      thing,
      machine,
      orders: found,
      installedAt,
      maintainedAt: maintainedAt.at(-1) ?? null,
      ...seen,
    },
    facts,
  }
}

const historyOf = (
  { machine, healthy, wear, orders, installedAt }: Subject,
  at: EpochMs,
  lifetimes: Lifetimes,
) => ({
  at,
  machine,
  healthy,
  lifetimes: lifetimes.get(machine) ?? null,
  ageHours: ageHours({ installedAt, orders }, at),
  degradation: healthy && {
    points: wear,
    floor: 0.5 * healthy.usual,
    failure: healthy.usual + WORN_OUT * (healthy.limit - healthy.usual),
    nowHours: at / HOUR,
  },
})

const healthFact = (
  { thing, machine }: Subject,
  at: EpochMs,
  assessment: Assessment,
  modelVersion: number | null,
): Fact => ({
  type: machineFacts.health,
  thing,
  key: String(Math.floor(at / HOUR) % HOURS_KEPT),
  at,
  until: at,
  version: at,
  value: { machine, modelVersion, ...assessment },
})
