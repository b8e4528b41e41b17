import { X509Certificate } from 'node:crypto'
import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BOOK_FORMAT } from '../../adapters/local/book/schema.ts'
import { authorityFiles } from '../../adapters/local/ca/authority-files.ts'
import { TAIL_FORMAT } from '../../adapters/local/tail/schema.ts'

export interface Finding {
  check: string
  status: 'ok' | 'warn' | 'fail'
  found: string
  remedy: string | null
}

const DAY_MS = 86_400_000
const EXPIRY_NOTICE_MS = 60 * DAY_MS
const LOW_DISK_BYTES = 1024 ** 3
const LEAST_NODE = 24

const ok = (check: string, found: string): Finding => ({ check, status: 'ok', found, remedy: null })
const warn = (check: string, found: string, remedy: string): Finding => ({
  check,
  status: 'warn',
  found,
  remedy,
})
const fail = (check: string, found: string, remedy: string): Finding => ({
  check,
  status: 'fail',
  found,
  remedy,
})

/** What can be seen of a box without asking it: its machine, its directory, its certificates. */
export function examineDirectory(dir: string, now: number): Finding[] {
  const node = Number(process.versions.node.split('.', 1)[0])
  const findings = [
    node >= LEAST_NODE
      ? ok('node', process.versions.node)
      : fail('node', process.versions.node, `run through npx or npm, which bring Node ${LEAST_NODE}`),
  ]
  if (!existsSync(dir)) return [...findings, warn('data', `${dir} does not exist`, 'telltale up makes it')]
  findings.push(...writable(dir), ...disk(dir), ...clock(dir, now))
  findings.push(...format(join(dir, 'tail.db'), 'readings', TAIL_FORMAT))
  findings.push(...format(join(dir, 'book.db'), 'book', BOOK_FORMAT), ...journal(join(dir, 'journal')))
  findings.push(...authority(dir, now))
  findings.push(...serverCertificate(dir, now))
  findings.push(...deviceCertificates(join(dir, 'book.db'), now))
  return findings
}

function writable(dir: string): Finding[] {
  try {
    accessSync(dir, constants.R_OK | constants.W_OK)
    return [ok('data', dir)]
  } catch {
    return [
      fail('data', `${dir} cannot be written`, 'give this user the directory, or choose another with --data'),
    ]
  }
}

function disk(dir: string): Finding[] {
  const { bavail, bsize } = statfsSync(dir)
  const found = `${Math.round((bavail * bsize) / 1024 ** 2)} MB free`
  return [bavail * bsize >= LOW_DISK_BYTES ? ok('disk', found) : warn('disk', found, 'make room: below 512 MB the box reports itself degraded')] // prettier-ignore
}

/** A clock that lies behind what it wrote before has lost its battery or its server. */
function clock(dir: string, now: number): Finding[] {
  const newest = readdirSync(dir).reduce((last, name) => Math.max(last, statSync(join(dir, name)).mtimeMs), 0)
  const found = new Date(now).toISOString()
  return [newest <= now + 60_000 ? ok('clock', found) : fail('clock', `${found}, but files here are from ${new Date(newest).toISOString()}`, 'set the clock; is a time server reachable?')] // prettier-ignore
}

function format(file: string, check: string, known: number): Finding[] {
  if (!existsSync(file)) return []
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    db.close()
    return [found <= known ? ok(check, `format ${found}`) : fail(check, `format ${found}, this release reads up to ${known}`, 'start the release that wrote it')] // prettier-ignore
  } catch (error) {
    return [fail(check, `${file}: ${(error as Error).message}`, 'restore it from a backup')]
  }
}

function journal(dir: string): Finding[] {
  if (!existsSync(dir)) return []
  const files = readdirSync(dir).filter((name) => name.endsWith('.db'))
  const bytes = readdirSync(dir).reduce((total, name) => total + statSync(join(dir, name)).size, 0)
  const found = `${files.length} segments, ${Math.ceil(bytes / 1024 ** 2)} MB`
  const strange = readdirSync(dir).filter((name) => !/^\d{16}\.db(-wal|-shm)?$/.test(name))
  return [strange.length === 0 ? ok('journal', found) : warn('journal', `${found}, and ${strange.join(', ')}`, 'move what does not belong there elsewhere')] // prettier-ignore
}

/** It ends with the root that signed it at the latest; a box that runs has another made a week before that. */
function serverCertificate(dir: string, now: number): Finding[] {
  const file = join(dir, 'ca', authorityFiles.server)
  if (!existsSync(file)) return []
  const check = 'server certificate'
  try {
    const [pem = ''] = certificatesIn(file)
    const { validTo } = new X509Certificate(pem)
    const roots = certificatesIn(join(dir, 'ca', authorityFiles.trust))
    const isCapped = roots.length > 1 && new X509Certificate(roots[0]!).validTo === validTo
    if (isCapped && Date.parse(validTo) > now)
      return [ok(check, `until ${dayOf(Date.parse(validTo))}, with the old root; the next is the new root’s`)]
    return [expiry(check, Date.parse(validTo), now, 'a running box renews it by itself; start it')]
  } catch (error) {
    return [fail(check, `${file}: ${(error as Error).message}`, 'restore it from a backup')]
  }
}

const certificatesIn = (file: string): string[] =>
  existsSync(file)
    ? (readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [])
    : []
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** The newest root signs what devices get; the oldest serves until a week before its end. */
function authority(dir: string, now: number): Finding[] {
  const file = join(dir, 'ca', authorityFiles.trust)
  if (!existsSync(file)) return []
  try {
    const roots = certificatesIn(file).map((pem) => new X509Certificate(pem))
    const newest = roots.at(-1)
    if (!newest) throw new Error('there is no certificate in it')
    const found = [expiry('authority', Date.parse(newest.validTo), now, 'a running box makes a new root by itself; start it')] // prettier-ignore
    const until = Date.parse(roots[0]!.validTo)
    if (roots.length < 2 || until - now >= EXPIRY_NOTICE_MS) return found
    const unaware = lastGivenBefore(join(dir, 'book.db'), Date.parse(newest.validFrom) + DAY_MS)
    const shown = `the old root ends on ${dayOf(until)}; ${unaware} devices were never given the new one` // prettier-ignore
    return [...found, unaware === 0 ? ok('old root', shown) : warn('old root', shown, 'rotate their certificates, or give them ca/trust.pem by a job')] // prettier-ignore
  } catch (error) {
    return [fail('authority', `${file}: ${(error as Error).message}`, 'restore it from a backup')]
  }
}

function lastGivenBefore(file: string, at: number): number {
  if (!existsSync(file)) return 0
  const db = new DatabaseSync(file, { readOnly: true, timeout: 2000 })
  try {
    return db
      .prepare(
        `SELECT thing FROM credential WHERE status = 'active' GROUP BY thing HAVING max(not_before) < ?`,
      )
      .all(at).length
  } finally {
    db.close()
  }
}

function expiry(check: string, until: number, now: number, remedy: string): Finding {
  const day = dayOf(until)
  if (until <= now) return fail(check, `expired on ${day}`, remedy)
  return until - now < EXPIRY_NOTICE_MS ? warn(check, `expires on ${day}`, remedy) : ok(check, `until ${day}`)
}

function deviceCertificates(file: string, now: number): Finding[] {
  if (!existsSync(file)) return []
  const db = new DatabaseSync(file, { readOnly: true, timeout: 2000 })
  try {
    const rows = db
      .prepare(`SELECT thing, max(not_after) AS until FROM credential WHERE status = 'active' GROUP BY thing`)
      .all() as { thing: string; until: number }[]
    const soon = rows.filter(({ until }) => until - now < EXPIRY_NOTICE_MS).map(({ thing }) => thing)
    if (soon.length === 0)
      return [ok('device certificates', `${rows.length} devices, none expires within 60 days`)]
    const named = soon.slice(0, 5).join(', ') + (soon.length > 5 ? ', …' : '')
    return [warn('device certificates', `${soon.length} devices have none beyond 60 days: ${named}`, 'telltale devices credential issue <thing> --out <dir>')] // prettier-ignore
  } finally {
    db.close()
  }
}

/** Whether the ports that a box would take are free. Only of interest while it is down. */
export async function examinePorts(ports: readonly number[], host: string): Promise<Finding[]> {
  return Promise.all(
    ports.map(async (port) => {
      const taken = await new Promise<string | null>((resolve) => {
        const probe = createServer()
        probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
        probe.listen(port, host, () => probe.close(() => resolve(null)))
      })
      return taken === null
        ? ok(`port ${port}`, 'free')
        : warn(`port ${port}`, taken === 'EADDRINUSE' ? 'in use' : taken, 'stop what listens there, or choose another port') // prettier-ignore
    }),
  )
}
