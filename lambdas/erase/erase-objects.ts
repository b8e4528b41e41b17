import type { LakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { inParallel } from '../../src/adapters/aws/back-off.ts'
import { rawFile, readRaw } from '../../src/adapters/aws/lake/raw-archive.ts'
import { reportKeys, WHOLE } from '../../src/adapters/aws/lake/s3-report-store.ts'
import { mentions } from '../../src/ports/raw-record.ts'
import { withoutDevice } from './erase-failures.ts'

type Files = Pick<LakeFiles, 'list' | 'folders' | 'get' | 'put' | 'remove'>

export interface Sweep {
  files: Files
  thing: string
  /** The last key that was looked at. */
  after: string
  outOfTime(): boolean
}

/** How far it came: null when it came to the end. */
export interface Swept {
  changed: number
  next: string | null
}

const AT_ONCE = 16

/** Looks through objects in the order of their keys; `rewrite` gives what stays of one: undefined all, null nothing. */
async function sweep(
  { files, after, outOfTime }: Omit<Sweep, 'thing'>,
  keys: readonly string[],
  rewrite: (bytes: Uint8Array) => Uint8Array | null | undefined,
): Promise<Swept> {
  const waiting = keys.filter((key) => key > after)
  const done: Swept = { changed: 0, next: null }
  for (let i = 0; i < waiting.length; i += AT_ONCE) {
    if (outOfTime()) return { ...done, next: waiting[i - 1] ?? after }
    await inParallel(waiting.slice(i, i + AT_ONCE), AT_ONCE, async (key) => {
      const kept = rewrite(await files.get(key))
      if (kept === undefined) return
      if (kept === null) await files.remove(key)
      else await files.put(key, kept)
      done.changed++
    })
  }
  return done
}

/** Archived messages, of every trade: a device may have changed its own. */
export async function eraseFromArchive(given: Sweep): Promise<Swept> {
  const { files, thing } = given
  const done: Swept = { changed: 0, next: null }
  let { after } = given
  for (const trade of await files.folders('raw/', '/'))
    for (const day of await files.folders(trade, '/')) {
      const end = `${day}\uffff`
      if (after >= end) continue
      const { changed, next } = await sweep({ ...given, after }, await files.list(day, Infinity), (bytes) => {
        const messages = readRaw(bytes)
        const kept = messages.filter((message) => !mentions(message, thing))
        if (kept.length === messages.length) return undefined
        return kept.length === 0 ? null : rawFile(kept)
      })
      done.changed += changed
      if (next !== null) return { ...done, next }
      after = end
    }
  return done
}

/** What failed and waits for a redrive, which would bring it back. */
export async function eraseFromFailures(given: Sweep, outputStream: string): Promise<Swept> {
  return sweep(given, await given.files.list('', Infinity), (bytes) => {
    const kept = withoutDevice(Buffer.from(bytes).toString(), given.thing, outputStream)
    return typeof kept === 'string' ? Buffer.from(kept) : kept
  })
}

/** Documents that name it: the answers that Athena leaves, and reports. They go whole; a report can be made again without it. */
export async function eraseDocuments(given: Sweep): Promise<Swept> {
  const { files, thing } = given
  // A text around the name: `pump-1` is not in `pump-10`, nor in `old-pump-1`.
  const name = new RegExp(`(?<![\\w.:-])${thing.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.:-])`)
  const keys = [...(await files.list('athena/', Infinity)), ...(await files.list(WHOLE, Infinity))]
  const gone: string[] = []
  const done = await sweep({ ...given, files: { ...files, remove: async (key) => void gone.push(key) } }, keys, (bytes) => (name.test(Buffer.from(bytes).toString()) ? null : undefined)) // prettier-ignore
  for (const key of gone)
    for (const part of key.startsWith(WHOLE) ? reportKeys(key.slice(WHOLE.length, -'.json'.length)) : [key])
      await files.remove(part)
  return done
}
