import type { AlarmState } from '../../../core/alarm/alarm-state.ts'
import type { Severity, Why } from '../../../core/alarm/transition.ts'
import type { Alarm, AlarmEvent } from '../../../ports/alarm-book.ts'
import { number, numberOrNull, padded, text, textOrNull, toItem, type Item } from './item.ts'

/** Sort key of the alarm itself; the events of its history lie beside it. */
export const ALARM = 'alarm'

export interface Stored extends Alarm {
  /** Rises with every write, whoever writes. */
  revision: number
}

export const isActive = ({ state }: Alarm): boolean => state === 'unackActive' || state === 'ackActive'

export const alarmItem = ({ id, why, ...fields }: Stored): Item =>
  toItem({ alarm: id, entry: ALARM, why: JSON.stringify(why), ...fields })

export const toAlarm = (item: Item): Stored => ({
  id: text(item, 'alarm'),
  rule: text(item, 'rule'),
  thing: text(item, 'thing'),
  key: text(item, 'key'),
  state: text(item, 'state') as AlarmState,
  severity: text(item, 'severity') as Severity,
  raisedAt: number(item, 'raisedAt'),
  clearedAt: numberOrNull(item, 'clearedAt'),
  transitionAt: number(item, 'transitionAt'),
  occurrences: number(item, 'occurrences'),
  why: JSON.parse(text(item, 'why')) as Why,
  acknowledgedAt: numberOrNull(item, 'acknowledgedAt'),
  acknowledgedBy: textOrNull(item, 'acknowledgedBy'),
  comment: textOrNull(item, 'comment'),
  revision: number(item, 'revision'),
})

/** `more` are further attributes: those by which an untold event is found. It has no thing, so no device lists it. */
export function eventItem(
  event: Pick<AlarmEvent, 'id' | 'at'> & Partial<AlarmEvent>,
  more: Readonly<Record<string, string>>,
): Item {
  const { id, alarm, at, recordedAt, kind, severity, by, text: words } = event
  return toItem({
    alarm,
    entry: `event#${padded(at)}#${id}`,
    id,
    at,
    recordedAt,
    kind,
    severity,
    by,
    text: words,
    ...(more['state'] !== undefined && { transitionAt: at }),
    ...more,
  })
}

export const toEvent = (item: Item): AlarmEvent => ({
  id: text(item, 'id'),
  alarm: text(item, 'alarm'),
  at: number(item, 'at'),
  recordedAt: number(item, 'recordedAt'),
  kind: text(item, 'kind') as AlarmEvent['kind'],
  severity: text(item, 'severity') as Severity,
  by: textOrNull(item, 'by'),
  text: text(item, 'text'),
})
