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
  /** The smaller of full and resumed, each over its floor. */
  ratio: number
  kBPerConnection: number
  connections: number
  failed: number
}

/** The server still works off the round before when its client is done with it. */
const SETTLE_MS = 1_000

interface Measured {
  fullPerCoreSecond: number
  resumedPerCoreSecond: number
  kBPerConnection: number
  failed: number
}

/**
 * Mutual TLS handshakes with MQTT CONNECT and CONNACK per second of the server process's CPU, full and resumed, and
 * the memory that open connections cost it. Clients run in a process of their own.
 */
export async function connectionsBench({
  connections = 2_000,
  warmUp = 200,
} = {}): Promise<ConnectionsResult> {
  const dir = await mkdtemp(join(tmpdir(), 'telltale-connections-'))
  try {
    const devices = await issueDevices(dir, connections)
    // Floor before and after, so that a machine that slows down or speeds up within the run is seen.
    const before = await measure('floor', dir, devices, warmUp)
    const broker = await measure('broker', dir, devices, warmUp)
    const after = await measure('floor', dir, devices, warmUp)
    const floorFull = (before.fullPerCoreSecond + after.fullPerCoreSecond) / 2
    const floorResumed = (before.resumedPerCoreSecond + after.resumedPerCoreSecond) / 2
    const ratio = Math.min(broker.fullPerCoreSecond / floorFull, broker.resumedPerCoreSecond / floorResumed)
    return {
      fullPerCoreSecond: Math.round(broker.fullPerCoreSecond),
      resumedPerCoreSecond: Math.round(broker.resumedPerCoreSecond),
      floorFullPerCoreSecond: Math.round(floorFull),
      floorResumedPerCoreSecond: Math.round(floorResumed),
      ratio: Math.round(ratio * 1_000) / 1_000,
      kBPerConnection: Math.round(broker.kBPerConnection * 10) / 10,
      connections,
      failed: before.failed + broker.failed + after.failed,
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

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

async function measure(kind: Floor, dir: string, devices: Device[], warmUp: number): Promise<Measured> {
  const server = child('connections/server.ts', ['--expose-gc'])
  const client = child('connections/client.ts', [])
  try {
    const known = devices.map(({ thing, fingerprint }) => ({ thing, fingerprint }))
    const { port } = await ask<{ port: number }>(server, { kind, dir, devices: known })
    const authority = await openAuthority({ dir, clock: { now: () => Date.now(), elapsed: () => 0 } })
    await ask(client, { kind, port, rootPem: authority.rootPem(), devices })
    const usage = (order: 'usage' | 'settle') => ask<ServerUsage>(server, order)
    const round = (resume: boolean, count: number) => ask<ClientReport>(client, { resume, count })

    await round(false, warmUp)
    await round(true, warmUp)
    await round(false, 0)
    await sleep(SETTLE_MS)
    const empty = await usage('settle')
    const startFull = await usage('usage')
    const full = await round(false, devices.length)
    const endFull = await usage('usage')
    const loaded = await usage('settle')
    await round(false, 0)
    await sleep(SETTLE_MS)
    await usage('settle')
    const startResumed = await usage('usage')
    const resumed = await round(true, devices.length)
    const endResumed = await usage('usage')
    return {
      fullPerCoreSecond: (full.connected - full.resumed) / ((endFull.cpuMs - startFull.cpuMs) / 1_000),
      resumedPerCoreSecond: resumed.resumed / ((endResumed.cpuMs - startResumed.cpuMs) / 1_000),
      kBPerConnection: (loaded.rssBytes - empty.rssBytes) / 1_000 / full.connected,
      failed: full.failed + resumed.failed,
    }
  } finally {
    server.disconnect()
    client.disconnect()
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
