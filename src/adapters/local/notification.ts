import type { Transition } from '../../core/alarm/transition.ts'

/** What a person is told in one line. */
export const subjectOf = ({ to, severity, thing, key }: Transition): string =>
  to === 'active' ? `${severity} alarm: ${thing} ${key}` : `cleared: ${thing} ${key}`

/** What a machine is told. `id` is stable: a receiver drops what it has seen. */
export const notificationOf = (transition: Transition) => {
  const { id, rule, thing, key, to, severity, at, why } = transition
  return { id, alarm: `${rule}/${thing}/${key}`, rule, thing, key, to, severity, at, why, subject: subjectOf(transition) } // prettier-ignore
}
