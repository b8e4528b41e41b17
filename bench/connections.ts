import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openAuthority } from '../src/adapters/local/ca/authority.ts'
import type { ClientReport, Device, Floor, ServerUsage } from './connections/wire.ts'

export interface ConnectionsResult {
  fullPerCoreSecond: number
  resumedPerCoreSecond: number
  /** The same handshakes by Node's TLS alone, in the same run. */
  floorFullPerCoreSecond: number
  floorResumedPerCoreSecond: number
  /** The smaller of full and resumed, each over the floor that ran just before it; the median of the rounds. */
  ratio: number
  kBPerConnection: number
  connections: number
  failed: number
}

/** The server still works off the round before when its client is done with it. */
const SETTLE_MS = 1_000

interface Round {
  floorFull: number
  full: number
  floorResumed: number
  resumed: number
}

/** A server of one kind and its clients, each in a process of its own. */
interface Pair {
  /** Opens every connection anew; how many a second of the server's CPU. */
  full(): Promise<number>
  resumed(): Promise<number>
  /** What each of the connections that are open costs the server. */
  kBPerConnection(): Promise<number>
  failed(): number
  close(): void
}

/**
 * Mutual TLS handshakes with MQTT CONNECT and CONNACK per second of the server process's CPU, full and resumed, and
 * the memory that open connections cost it. Broker and floor take turns, and medians are told: a shared machine changes
 * its speed by a third within seconds.
 */
export async function connectionsBench({
  connections = 2_000,
  warmUp = 200,
  rounds = 5,
} = {}): Promise<ConnectionsResult> {
  const dir = await mkdtemp(join(tmpdir(), 'telltale-connections-'))
  const pairs: Pair[] = []
  try {
    const devices = await issueDevices(dir, connections)
    for (const kind of ['floor', 'broker'] as const) pairs.push(await startPair(kind, dir, devices, warmUp))
    const [floor, broker] = pairs as [Pair, Pair]
    const seen: Round[] = []
    let kBPerConnection = 0
    for (let round = 0; round < rounds; round++) {
      const floorFull = await floor.full()
      const full = await broker.full()
      if (round === 0) kBPerConnection = await broker.kBPerConnection()
      seen.push({ floorFull, full, floorResumed: await floor.resumed(), resumed: await broker.resumed() })
    }
    const of = (figure: (round: Round) => number): number => median(seen.map(figure))
    const ratio = Math.min(
      of(({ full, floorFull }) => full / floorFull),
      of(({ resumed, floorResumed }) => resumed / floorResumed),
    )
    return {
      fullPerCoreSecond: Math.round(of(({ full }) => full)),
      resumedPerCoreSecond: Math.round(of(({ resumed }) => resumed)),
      floorFullPerCoreSecond: Math.round(of(({ floorFull }) => floorFull)),
      floorResumedPerCoreSecond: Math.round(of(({ floorResumed }) => floorResumed)),
      ratio: Math.round(ratio * 1_000) / 1_000,
      kBPerConnection: Math.round(kBPerConnection * 10) / 10,
      connections,
      failed: floor.failed() + broker.failed(),
    }
  } finally {
    for (const pair of pairs) pair.close()
    await rm(dir, { recursive: true, force: true })
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

async function issueDevices(dir: string, count: number): Promise<Device[]> {
  const authority = await openAuthority({
    dir,
    clock: { now: () => Date.now(), elapsed: () => performance.now() },
  })
  const devices: Device[] = []
  for (let i = 0; i < count; i++) {
    const thing = `device-${i}`
    const { fingerprint, certificatePem, privateKeyPem } = await authority.issueDevice(thing)
    devices.push({ thing, fingerprint, certificatePem, privateKeyPem })
  }
  return devices
}

async function startPair(kind: Floor, dir: string, devices: Device[], warmUp: number): Promise<Pair> {
  const server = child('connections/server.ts', ['--expose-gc'])
  const client = child('connections/client.ts', [])
  const known = devices.map(({ thing, fingerprint }) => ({ thing, fingerprint }))
  const { port } = await ask<{ port: number }>(server, { kind, dir, devices: known })
  const authority = await openAuthority({ dir, clock: { now: () => Date.now(), elapsed: () => 0 } })
  await ask(client, { kind, port, rootPem: authority.rootPem(), devices })
  const usage = (order: 'usage' | 'settle') => ask<ServerUsage>(server, order)
  const connect = (resume: boolean, count: number) => ask<ClientReport>(client, { resume, count })
  let failed = 0

  const measure = async (resume: boolean): Promise<number> => {
    await connect(false, 0)
    await sleep(SETTLE_MS)
    await usage('settle')
    const start = await usage('usage')
    const report = await connect(resume, devices.length)
    const end = await usage('usage')
    failed += report.failed
    const handshakes = resume ? report.resumed : report.connected - report.resumed
    return handshakes / ((end.cpuMs - start.cpuMs) / 1_000)
  }

  await connect(false, warmUp)
  await connect(true, warmUp)
  await connect(false, 0)
  await sleep(SETTLE_MS)
  const empty = await usage('settle')
  return {
    full: () => measure(false),
    resumed: () => measure(true),
    kBPerConnection: async () => ((await usage('settle')).rssBytes - empty.rssBytes) / 1_000 / devices.length,
    failed: () => failed,
    close: () => {
      server.disconnect()
      client.disconnect()
    },
  }
}

const child = (path: string, execArgv: string[]): ChildProcess =>
  fork(new URL(path, import.meta.url), { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })

function ask<Answer>(process: ChildProcess, message: object | string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a bench process ended with code ${code}`))
    process.once('exit', ended)
    process.once('message', (answer) => {
      process.off('exit', ended)
      resolve(answer as Answer)
    })
    process.send(message)
  })
}
