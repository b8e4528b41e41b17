import type { DatabaseSync } from 'node:sqlite'
import { alarmState } from '../../../core/alarm/alarm-state.ts'
import type { Severity, Transition, Why } from '../../../core/alarm/transition.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import {
  alarmId,
  type Alarm,
  type AlarmBook,
  type AlarmEvent,
  type AlarmQuery,
} from '../../../ports/alarm-book.ts'
import { inRepeatableTransaction, inTransaction } from './schema.ts'

/**
 * The alarm book in SQLite, one transaction a call. What people did is on disk when it returns; what the pipeline found
 * can be repeated from the journal, so it waits for no disk until the checkpoint that would stop the repeating.
 */
export function sqliteAlarmBook(db: DatabaseSync): AlarmBook {
  const last = db.prepare('SELECT transition, active FROM alarm WHERE id = ?')
  const raise = db.prepare(`
    INSERT INTO alarm VALUES (?1, ?2, ?3, ?4, 1, 0, ?5, ?6, NULL, ?6, 1, ?7, NULL, NULL, NULL)
    ON CONFLICT DO UPDATE SET active = 1, acknowledged = 0, severity = ?5, raised = ?6, cleared = NULL, transition = ?6,
      occurrences = occurrences + 1, why = ?7, acknowledged_at = NULL, acknowledged_by = NULL, comment = NULL`)
  const update = db.prepare('UPDATE alarm SET severity = ?2, transition = ?3, why = ?4 WHERE id = ?1')
  const clear = db.prepare('UPDATE alarm SET active = 0, cleared = ?2, transition = ?2 WHERE id = ?1')
  const addEvent = db.prepare(`
    INSERT OR IGNORE INTO alarm_event (id, alarm, at, recorded, kind, severity, by, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const addUntold = db.prepare('INSERT OR IGNORE INTO untold (id, transition) VALUES (?, ?)')
  const removeUntold = db.prepare('DELETE FROM untold WHERE id = ?')
  const one = db.prepare('SELECT * FROM alarm WHERE id = ?')
  const acknowledgeOne = db.prepare(`
    UPDATE alarm SET acknowledged = 1, acknowledged_at = ?2, acknowledged_by = ?3, comment = ?4
    WHERE id = ?1 AND acknowledged = 0`)

  /** A clear without an alarm, and whatever is not newer than the key's last, changes nothing. */
  function take(t: Transition, recordedAt: EpochMs, tell: (t: Transition) => boolean): boolean {
    const id = alarmId(t.rule, t.thing, t.key)
    const known = last.get(id) as { transition: number; active: number } | undefined
    if (known && t.at <= known.transition) return false
    if (t.to === 'clear' && !known?.active) return false
    if (t.to === 'clear') clear.run(id, t.at)
    else if (known?.active) update.run(id, t.severity, t.at, JSON.stringify(t.why))
    else raise.run(id, t.rule, t.thing, t.key, t.severity, t.at, JSON.stringify(t.why))
    addEvent.run(
      t.id,
      id,
      t.at,
      recordedAt,
      t.to === 'clear' ? 'cleared' : 'raised',
      t.severity,
      null,
      t.why.text,
    )
    if (tell(t)) addUntold.run(t.id, JSON.stringify(t))
    return true
  }

  function list({ state, thing, severity, rule, cursor, limit }: AlarmQuery): Alarm[] {
    const conditions = [
      'id > ?1',
      '(?2 IS NULL OR thing = ?2)',
      '(?3 IS NULL OR severity = ?3)',
      '(?4 IS NULL OR rule = ?4)',
    ]
    if (state === 'active') conditions.push('active = 1')
    if (state === 'unacknowledged') conditions.push('acknowledged = 0')
    return db
      .prepare(`SELECT * FROM alarm WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ?5`)
      .all(cursor ?? '', thing ?? null, severity ?? null, rule ?? null, limit)
      .map(toAlarm)
  }

  const get = (id: string): Alarm | null => {
    const row = one.get(id)
    return row ? toAlarm(row) : null
  }

  return {
    apply: async (transitions, recordedAt, tell) =>
      inRepeatableTransaction(db, () => transitions.filter((t) => take(t, recordedAt, tell))),
    untold: async (limit) =>
      db
        .prepare('SELECT transition FROM untold ORDER BY seq LIMIT ?')
        .all(limit)
        .map((r) => JSON.parse(r['transition'] as string) as Transition),
    told: async (ids) => inRepeatableTransaction(db, () => ids.forEach((id) => removeUntold.run(id))),
    acknowledge: async (id, by, comment, at) =>
      inTransaction(db, () => {
        if (acknowledgeOne.run(id, at, by, comment).changes === 1) {
          const { severity } = get(id)!
          addEvent.run(
            `${id}/acknowledged/${at}`,
            id,
            at,
            at,
            'acknowledged',
            severity,
            by,
            comment ?? 'acknowledged',
          )
        }
        return get(id)
      }),
    get: async (id) => get(id),
    list: async (query) => list(query),
    history: async (id, limit) =>
      db
        .prepare('SELECT * FROM alarm_event WHERE alarm = ? ORDER BY seq DESC LIMIT ?')
        .all(id, limit)
        .map(toEvent),
  }
}

type Row = Record<string, unknown>

const toAlarm = (r: Row): Alarm => ({
  id: r['id'] as string,
  rule: r['rule'] as string,
  thing: r['thing'] as string,
  key: r['key'] as string,
  state: alarmState(r['active'] === 1, r['acknowledged'] === 1),
  severity: r['severity'] as Severity,
  raisedAt: r['raised'] as number,
  clearedAt: r['cleared'] as number | null,
  transitionAt: r['transition'] as number,
  occurrences: r['occurrences'] as number,
  why: JSON.parse(r['why'] as string) as Why,
  acknowledgedAt: r['acknowledged_at'] as number | null,
  acknowledgedBy: r['acknowledged_by'] as string | null,
  comment: r['comment'] as string | null,
})

const toEvent = (r: Row): AlarmEvent => ({
  id: r['id'] as string,
  alarm: r['alarm'] as string,
  at: r['at'] as number,
  recordedAt: r['recorded'] as number,
  kind: r['kind'] as AlarmEvent['kind'],
  severity: r['severity'] as Severity,
  by: r['by'] as string | null,
  text: r['text'] as string,
})
