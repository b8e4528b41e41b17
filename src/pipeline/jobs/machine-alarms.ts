import type { Severity, Transition, Why } from '../../core/alarm/transition.ts'
import { ALARM_PROBABILITY, isDeviation, UNHEALTHY, type Assessment } from '../../core/maintenance/assess.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { alarmId, type Alarm, type AlarmBook } from '../../ports/alarm-book.ts'
import { transitionTo } from './transition-to.ts'

export const MAINTENANCE_RULE = 'maintenance'
export const HEALTH_RULE = 'machine_health'
/** The probability must fall, and the health rise, this far before the alarm clears. */
const CLEAR_PROBABILITY = 0.5
const HEALTHY_AGAIN = 65

interface Subject {
  thing: string
  /** When work on it was last completed. */
  maintainedAt: EpochMs | null
}

/** What a judgement changes of a machine's two alarms: that it is likely to fail, and that it is unlike its healthy self. */
export async function machineAlarms(
  subject: Subject,
  at: EpochMs,
  assessment: Assessment,
  alarms: Pick<AlarmBook, 'get'>,
): Promise<Transition[]> {
  const { thing } = subject
  const failing = await alarms.get(alarmId(MAINTENANCE_RULE, thing, 'failure'))
  const ailing = await alarms.get(alarmId(HEALTH_RULE, thing, 'health'))
  return [
    ...(await transitionTo(
      alarms,
      { rule: MAINTENANCE_RULE, thing, key: 'failure', at, severity: severityOf(assessment) },
      failureVerdict(subject, assessment, failing),
    )),
    ...(await transitionTo(
      alarms,
      { rule: HEALTH_RULE, thing, key: 'health', at, severity: 'warning' },
      healthVerdict(subject, assessment, ailing),
    )),
  ]
}

/** Failure modes of this consequence (1 to 10) are told people at once. */
const GRAVE = 8

const severityOf = ({ recommended_maintenance: recommended }: Assessment): Severity =>
  (recommended?.severity ?? 0) >= GRAVE ? 'critical' : 'major'

type Verdict = { active: boolean; why: Why } | null

function failureVerdict(subject: Subject, assessment: Assessment, alarm: Alarm | null): Verdict {
  const { failure_probability: probability, recommended_maintenance: recommended } = assessment
  if (probability === null) return putRight(subject, alarm, 'failure model')
  const likely = probability > (stands(alarm) ? CLEAR_PROBABILITY : ALARM_PROBABILITY)
  const { thing } = subject
  return {
    active: likely,
    why: {
      detector: 'failure model',
      text: likely
        ? `${thing} is likely to fail: ${recommended?.action ?? 'inspect it'} (probability ${probability.toFixed(2)})`
        : `${thing} is no longer likely to fail (probability ${probability.toFixed(2)})`,
      observed: probability,
      expected: { high: ALARM_PROBABILITY },
      details: detailsOf(assessment),
    },
  }
}

function healthVerdict(subject: Subject, assessment: Assessment, alarm: Alarm | null): Verdict {
  const { health_index: index, evidence } = assessment
  if (index === null) return putRight(subject, alarm, 'health index')
  const unwell = index < (stands(alarm) ? HEALTHY_AGAIN : UNHEALTHY)
  const { thing } = subject
  return {
    active: unwell,
    why: {
      detector: 'health index',
      text: unwell
        ? `${thing} is unlike its healthy self: ${evidence.find(isDeviation) ?? 'many measures deviate a little'}`
        : `${thing} is like its healthy self again`,
      observed: index,
      expected: { low: UNHEALTHY },
      details: detailsOf(assessment),
    },
  }
}

/** Work that was completed since the alarm was raised has answered it, until the machine's new state is known. */
function putRight({ thing, maintainedAt }: Subject, alarm: Alarm | null, detector: string): Verdict {
  if (!alarm || !stands(alarm) || maintainedAt === null || maintainedAt < alarm.raisedAt) return null
  const text = `${thing} was worked on; its healthy state is being learned anew`
  return { active: false, why: { detector, text } }
}

/** The fields that the alarm carries, in the words of the interface. */
function detailsOf({
  failure_probability,
  health_index,
  estimated_time_to_failure: left,
  recommended_maintenance: recommended,
  evidence,
}: Assessment): NonNullable<Why['details']> {
  return {
    failure_probability,
    health_index,
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
  }
}

const stands = (alarm: Alarm | null): boolean =>
  alarm?.state === 'unackActive' || alarm?.state === 'ackActive'
