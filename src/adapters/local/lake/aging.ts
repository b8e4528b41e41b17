import { existsSync, renameSync, rmSync } from 'node:fs'
import { copyFile, link } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY, dateOf, dayOf, lakePath } from '../../../core/history/lake-layout.ts'
import { tierOf } from '../../../core/retention/retention.ts'
import { measuresOfClass } from './class-sql.ts'
import { makeFolder } from './files.ts'
import type { KeeperOptions, RoundReport, SealProcess } from './keeper.ts'
import { createPublish } from './publish.ts'

/** Days of data that may go a day, whatever the clock says: one that is wrong by years costs next to nothing. */
const MOST_EXPIRED_DAYS = 2
/** Files that move in one transaction. */
const MOVED_AT_ONCE = 200

/** What time does to files: they move to another tier, expire, and are checked. */
export function createAging(options: KeeperOptions) {
  const { lakeDir, store, now, policy } = options
  const publish = createPublish(options)
  let scrubbed = ''
  let expiredAt = -Infinity

  async function expire(child: SealProcess, report: RoundReport): Promise<void> {
    const at = now()
    const last = await store.lakeState('expired_at')
    if (last !== 0 && Math.abs(at - last) < DAY) return
    // A clock that jumps to and fro must not count each jump as a day.
    if (options.elapsed() - expiredAt < DAY) return
    const { classes } = policy()
    const plan = await child.dueToExpire(policy(), { now: at, mostDays: MOST_EXPIRED_DAYS })
    if (plan.length === 0) return
    await store.lakeSetState('expired_at', at)
    expiredAt = options.elapsed()
    for (const { kind, class: name, until, files } of plan) {
      const named = classes.find((c) => c.name === name)!
      const others = classes.filter((c) => c !== named).flatMap((c) => c.measures)
      // A day of a zone begins before the lake day that its part is of.
      const gone = kind === 'days' ? `part < ${until}` : `ts < TIMESTAMP '${dateOf(until)} 00:00:00'`
      const where = `NOT (${gone} AND ${measuresOfClass(named.measures, others)})`
      for (const { path } of files) {
        // Another class may have rewritten it, or taken it away, a moment ago.
        const file = await store.lakeFile(path)
        if (!file) continue
        const whole = classes.length === 1 && file.until <= until
        await publish(
          whole
            ? { add: [], remove: [file.path], deletions: [], at }
            : await child.cut(file, { generation: await store.lakeBegin(), now: at, where }),
        )
        report.expired++
      }
      await store.lakeSetState(`expired_${kind}/${name}`, until)
    }
  }

  /** Files change their tier by age; the cold ones their folder. */
  async function move(child: SealProcess, report: RoundReport): Promise<void> {
    const at = now()
    const due = await child.dueToMove(policy(), at)
    for (let i = 0; i < due.length; i += MOVED_AT_ONCE) {
      const moves = due.slice(i, i + MOVED_AT_ONCE).map((file) => {
        const tier = tierOf(policy(), dayOf(at) - file.until)
        return { from: file.path, to: { path: lakePath({ ...file, tier }), tier } }
      })
      const apart = moves.filter(({ from, to }) => from !== to.path)
      for (const { from, to } of apart) {
        // A link first, so that the file is under both names until the manifest has changed.
        makeFolder(join(lakeDir, to.path))
        await linkInto(join(lakeDir, from), join(lakeDir, to.path))
      }
      await store.lakeMove(moves)
      for (const { from } of apart) rmSync(join(lakeDir, from), { force: true })
      report.moved += moves.length
    }
  }

  async function scrub(child: SealProcess): Promise<void> {
    const { files, last } = await child.dueToScrub(scrubbed)
    scrubbed = last
    for (const file of files) {
      const damaged = (await child.checksum(file.path)) !== file.checksum
      if (damaged !== file.damaged && (await store.lakeFile(file.path)))
        await store.lakeSetDamaged(file.path, damaged)
    }
  }

  return { expire, move, scrub }
}

async function linkInto(from: string, to: string): Promise<void> {
  if (existsSync(to)) rmSync(to)
  try {
    await link(from, to)
  } catch {
    await copyFile(from, `${to}.tmp`) // another file system
    renameSync(`${to}.tmp`, to)
  }
}
