import { openTailForReading } from '../../src/adapters/local/tail/schema.ts'
import { readPack } from '../../src/adapters/local/tail/pack.ts'
import { partsOf } from '../../src/adapters/local/tail/pack-rows.ts'

/** Counts what a stopped box's tail holds, each (device, measure, at) once. */
export function countStored(dir: string): { readings: number; copies: number } {
  const db = openTailForReading(`${dir}/tail.db`)
  let readings = 0
  let copies = 0
  let device = -1
  let seen = new Map<number, Set<number>>()
  for (const row of db.prepare('SELECT device, data FROM pack ORDER BY device, at').iterate()) {
    if (row['device'] !== device) {
      device = row['device'] as number
      seen = new Map()
    }
    for (const { data } of partsOf({ position: 0, receivedAt: 0, data: row['data'] as Uint8Array }))
      for (const { measure, at } of readPack(data, () => true)) {
        let times = seen.get(measure)
        if (!times) seen.set(measure, (times = new Set()))
        for (const t of at) {
          copies++
          if (times.has(t)) continue
          times.add(t)
          readings++
        }
      }
  }
  db.close()
  return { readings, copies }
}
