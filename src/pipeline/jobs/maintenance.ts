import type { Transition } from '../../core/alarm/transition.ts'
import type { DeviceProfile } from '../../core/device/profile.ts'
import { ALARM_PROBABILITY, assess, type Assessment } from '../../core/maintenance/assess.ts'
import type { Machine } from '../../core/maintenance/failure-modes.ts'
import { featuresAt, type WindowSeries } from '../../core/maintenance/features.ts'
import { distanceFromHealthy, type HealthyPeriod } from '../../core/maintenance/health-index.ts'
import { hourlyRows } from '../../core/maintenance/machine-days.ts'
import { openWorkOrder, type WorkOrder } from '../../core/maintenance/work-order.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { Job, JobOutcome, JobSources } from './job.ts'
import { healthyPeriod, machineFacts, machineHistory } from './machine-history.ts'
import { standsNow, transitionTo } from './transition-to.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Machines that are looked at together: one question to the model host. */
const BATCH = 50
const ANOMALIES = 1000
const ORDERS = 200

export const MAINTENANCE_RULE = 'maintenance'
export const HEALTH_RULE = 'machine_health'
/** Alarms of the healthy period's limit; it clears once the machine is well back inside. */
const UNHEALTHY = 50
const HEALTHY_AGAIN = 65
/** The probability must fall this far before the alarm clears. */
const CLEAR_PROBABILITY = 0.5
/** Distances at which the index would be 10: where a growing wear signal is taken to end. */
const WORN_OUT = Math.log2(100 / 10)

/** Every hour: features, probability, health and what to do about it, for every machine. */
export const maintenance: Job = {
  name: 'maintenance',
  everyMinutes: 60,
  catchUp: 1,
  async *run(at, sources) {
    const things = sources.configuration.things(at).filter((thing) => machineOf(sources, thing, at))
    for (let i = 0; i < things.length; i += BATCH) yield await judge(things.slice(i, i + BATCH), at, sources)
  },
}

/** The same for a few machines at once, when something critical has been seen. */
export const maintenanceOf = (things: readonly string[]): Job => ({
  ...maintenance,
  run: async (at, sources) =>
    judge(
      things.filter((thing) => machineOf(sources, thing, at)),
      at,
      sources,
    ),
})

/** What sort of machine a device is: its attribute `machine`, else its type's name. Null for what has no failure modes. */
export function machineKind({ device }: Pick<DeviceProfile, 'device'>): Machine | null {
  const name = device.attributes['machine'] ?? device.type
  return name === 'motor' || name === 'pump' || name === 'compressor' || name === 'vehicle' ? name : null
}

function machineOf({ configuration }: JobSources, thing: string, at: EpochMs): Machine | null {
  const profile = configuration.profile(thing, at)
  return profile?.device.status === 'active' ? machineKind(profile) : null
}

interface Subject {
  thing: string
  machine: Machine
  orders: readonly WorkOrder[]
  series: Record<string, WindowSeries>
  healthy: HealthyPeriod | null
  features: Record<string, number>
}

async function judge(things: readonly string[], at: EpochMs, sources: JobSources): Promise<JobOutcome> {
  const facts: Fact[] = []
  const subjects: Subject[] = []
  for (const thing of things) {
    const found = await look(thing, at, sources)
    if (!found) continue
    facts.push(...found.facts)
    subjects.push(found.subject)
  }
  const scored = await sources.models.score(subjects.map(({ features }) => features))
  const orders: WorkOrder[] = []
  const transitions: Transition[] = []
  for (const [i, subject] of subjects.entries()) {
    const assessment = assessSubject(subject, at, scored?.probabilities[i] ?? null)
    facts.push(healthFact(subject, at, assessment, scored?.version ?? null))
    // One mechanic goes there once: while an order stands, what is found besides belongs to it.
    const standing = subject.orders.some(({ status }) => status === 'open' || status === 'inProgress')
    const order = openWorkOrder(subject.orders, subject.thing, assessment, at)
    if (order.kind === 'moved' && !standing) orders.push(order.order)
    transitions.push(...(await alarmsOf(subject.thing, at, assessment, sources)))
  }
  return { facts, orders, transitions }
}

/** Everything that is known of one machine at the cut-off; null where nothing was measured in the last day. */
async function look(
  thing: string,
  at: EpochMs,
  sources: JobSources,
): Promise<{ subject: Subject; facts: Fact[] } | null> {
  const { reader, configuration } = sources
  const profile = configuration.profile(thing, at)
  const machine = profile && machineKind(profile)
  if (!machine) return null
  const { series, facts } = await machineHistory(reader, thing, at)
  const newest = Math.max(...Object.values(series).map(({ rows }) => rows.at(-1)?.minute ?? 0))
  if (!(newest * 60_000 >= at - DAY)) return null
  const orders = await sources.orders.list({ thing, limit: ORDERS })
  const maintainedAt = orders.flatMap(({ status, closedAt }) =>
    status === 'done' && closedAt !== null && closedAt < at ? [closedAt] : [],
  )
  const anomalies = await reader.anomalies({ thing, from: at - 30 * DAY, to: at, limit: ANOMALIES })
  const { installed, running, load } = profile.device.attributes
  const [runningMeasure, above] = (running ?? '').split('>')
  const features = featuresAt(
    series,
    {
      installedAt: installed === undefined ? null : Date.parse(installed),
      maintainedAt,
      anomaliesAt: anomalies.map((anomaly) => anomaly.at),
    },
    at,
    {
      ...(runningMeasure && above ? { running: { measure: runningMeasure, above: Number(above) } } : {}),
      ...(load === undefined ? {} : { load }),
    },
  )
  const healthy = await healthyPeriod(reader, thing, series, maintainedAt.toSorted().at(-1) ?? null, at)
  const subject = { thing, machine, orders, series, features, healthy: healthy.healthy }
  return { subject, facts: [...facts, ...healthy.facts] }
}

function assessSubject(subject: Subject, at: EpochMs, probability: number | null): Assessment {
  const { machine, healthy, series, features } = subject
  return assess({
    features,
    model: probability === null ? null : { horizonHours: 24, probability: () => probability },
    history: {
      at,
      machine,
      healthy,
      lifetimes: null,
      runHours: null,
      degradation: healthy && {
        points: hourlyRows(series, at - 7 * DAY, at).map(({ at: time, row }) => ({
          time: time / HOUR,
          value: distanceFromHealthy(healthy, row),
        })),
        floor: 0.5 * healthy.usual,
        failure: healthy.usual + WORN_OUT * (healthy.limit - healthy.usual),
        nowHours: at / HOUR,
      },
    },
  })
}

const healthFact = (
  { thing, machine }: Subject,
  at: EpochMs,
  assessment: Assessment,
  modelVersion: number | null,
): Fact => ({
  type: machineFacts.health,
  thing,
  key: String(Math.floor(at / HOUR)),
  at,
  until: at,
  version: at,
  value: { machine, modelVersion, ...assessment },
})

async function alarmsOf(
  thing: string,
  at: EpochMs,
  assessment: Assessment,
  { alarms }: JobSources,
): Promise<Transition[]> {
  const { failure_probability: probability, health_index: index } = assessment
  const { estimated_time_to_failure: left, recommended_maintenance: recommended, evidence } = assessment
  const [failing, ailing] = await Promise.all([
    standsNow(alarms, MAINTENANCE_RULE, thing, 'failure'),
    standsNow(alarms, HEALTH_RULE, thing, 'health'),
  ])
  const likely = probability !== null && probability > (failing ? CLEAR_PROBABILITY : ALARM_PROBABILITY)
  const unwell = index !== null && index < (ailing ? HEALTHY_AGAIN : UNHEALTHY)
  const failure = await transitionTo(
    alarms,
    { rule: MAINTENANCE_RULE, thing, key: 'failure', at, severity: 'major' },
    probability === null
      ? null
      : {
          active: likely,
          why: {
            detector: 'failure model',
            text: likely
              ? `${thing} is likely to fail: ${recommended?.action ?? 'inspect it'} (probability ${probability.toFixed(2)})`
              : `${thing} is no longer likely to fail (probability ${probability.toFixed(2)})`,
            observed: probability,
            expected: { high: ALARM_PROBABILITY },
            details: {
              failure_probability: probability,
              health_index: index,
              ...(left && {
                estimated_time_to_failure: left.p50,
                estimated_time_to_failure_p10: left.p10,
                estimated_time_to_failure_p90: Number.isFinite(left.p90) ? left.p90 : null,
                method: left.method,
              }),
              ...(recommended && {
                recommended_maintenance: recommended.action,
                mode: recommended.mode,
                component: recommended.component,
                withinHours: recommended.withinHours,
              }),
              evidence: evidence.join('; '),
            },
          },
        },
  )
  const health = await transitionTo(
    alarms,
    { rule: HEALTH_RULE, thing, key: 'health', at, severity: 'warning' },
    index === null
      ? null
      : {
          active: unwell,
          why: {
            detector: 'health index',
            text: unwell
              ? `${thing} is unlike its healthy self: ${evidence[0] ?? 'many measures deviate a little'}`
              : `${thing} is like its healthy self again`,
            observed: index,
            expected: { low: UNHEALTHY },
            details: { health_index: index, evidence: evidence.join('; ') },
          },
        },
  )
  return [...failure, ...health]
}
