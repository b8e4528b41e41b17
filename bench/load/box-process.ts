import { mkdirSync, writeFileSync } from 'node:fs'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'
import { measures } from './messages.ts'

/** A box in a process of its own, driven by its parent. */
export interface BoxJob {
  dir: string
  devices: number
  /** Where to put `<thing>.key` and `<thing>.crt` for the generator; without it only the plain listener is used. */
  certs?: string
  /** Small times make much happen in a short life. */
  tickEveryMs?: number
  checkpointEveryMs?: number
  segmentBytes?: number
}

interface Message {
  job?: BoxJob
  /** Brings a directory to rest, without a process of its own. */
  recover?: BoxJob
  stats?: true
  settle?: true
  rest?: true
  close?: true
}

let box: Box
let told = 0

process.on('message', (message: Message) => {
  void answer(message)
})

process.once('disconnect', () => process.exit(1)) // a bench that died leaves nothing behind

async function answer(message: Message): Promise<void> {
  if (message.job) {
    process.send!({ starting: true })
    box = await start(message.job)
    process.send!({ started: { ports: box.ports, url: box.url, token: box.token } })
  }
  if (message.recover) {
    const recovering = await start(message.recover)
    await recovering.repaired()
    await recovering.close()
    process.send!({ recovered: true })
  }
  if (message.stats)
    process.send!({ stats: { cpu: process.cpuUsage(), rss: process.memoryUsage.rss(), told } })
  if (message.settle) {
    await box.settled()
    process.send!({ settled: true })
  }
  if (message.rest) {
    await box.repaired()
    process.send!({ rested: true })
  }
  if (message.close) {
    await box.close()
    process.exit(0)
  }
}

async function start({ dir, devices, certs, ...timing }: BoxJob): Promise<Box> {
  mkdirSync(dir, { recursive: true })
  const started = await startBox({
    ...boxDefaults,
    ...timing,
    dir,
    mqttPort: 0,
    httpsPort: 0,
    httpPort: 0,
    plainPort: 0,
    version: 'bench',
    notifiers: [
      {
        notify: async (transition) => {
          told++
          process.send!({ alarm: transition.why.observed, at: transition.at })
        },
      },
    ],
    log: (line) => console.error(line),
  })
  const known = await started.devices.list({ limit: 1 })
  if (known.length === 0) await register(started, devices)
  if (certs) await issue(started, devices, certs)
  return started
}

/** Every detector is on, as in a real plant: limits, rate, stuck and outliers. */
async function register(box: Box, devices: number): Promise<void> {
  const measure = {
    low: -1000,
    high: 1000,
    ratePerSecond: 1e6,
    stuckAfter: 1000,
    severity: { limit: 'critical' as const },
  }
  await box.devices.putType(
    { name: 'bench', trade: 'plant', measures: Object.fromEntries(measures.map((m) => [m, measure])) },
    'bench',
  )
  const all = Array.from({ length: devices }, (_, i) => ({ thing: thing(i), trade: 'plant' as const, type: 'bench', status: 'active' as const, attributes: {} })) // prettier-ignore
  for (let i = 0; i < devices; i += 1000) await box.devices.putMany(all.slice(i, i + 1000), 'bench')
}

async function issue(box: Box, devices: number, certs: string): Promise<void> {
  mkdirSync(certs, { recursive: true })
  writeFileSync(`${certs}/ca.crt`, box.rootPem)
  const one = async (i: number): Promise<void> => {
    const { certificatePem, privateKeyPem } = await box.devices.issue(thing(i))
    writeFileSync(`${certs}/${thing(i)}.crt`, certificatePem)
    writeFileSync(`${certs}/${thing(i)}.key`, privateKeyPem)
  }
  for (let i = 0; i < devices; i += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, devices - i) }, async (_, n) => one(i + n)))
}

/** Certificates that share a sync of the disk. */
const AT_ONCE = 64

const thing = (i: number): string => `bench-${String(i).padStart(5, '0')}`
