import { connect, type Socket } from 'node:net'
import { connectFrame, createAckReader, publishFrame } from './mqtt-wire.ts'
import { measures } from './messages.ts'

/** Traffic with everything in it that must not matter, and what was acknowledged of it. */
export interface Traffic {
  /** By thing, by `measure|at`: the value to find, or one of those that were under way when the box died. */
  acknowledged: Map<string, Map<string, Set<number>>>
  readings(): number
  acknowledgedAtLeast(readings: number): Promise<void>
  stop(): void
}

interface Sent {
  at: number
  step: number
  lane: 'telemetry' | 'backfill'
  values: Record<string, number[]>
}

const SAMPLES = 10
const IN_FLIGHT = 6
const RETRY_MS = 200

/**
 * Each device moves through a quarter of an hour that lies in the past, and sends on the way: in order mostly, and
 * duplicated, swapped, late, from the backfill lane, ahead of the clock, far in the future, and corrected.
 */
export async function dirtyTraffic(options: {
  port: number
  devices: number
  random: () => number
}): Promise<Traffic> {
  const { port, devices, random } = options
  const acknowledged: Traffic['acknowledged'] = new Map()
  let readings = 0
  let stopped = false
  let waiting: { least: number; resolve: () => void }[] = []
  const sockets = new Set<Socket>()
  /** What was under way when the box died may have been stored or not. */
  const underWay: (() => void)[] = []
  await Promise.all(Array.from({ length: devices }, (_, i) => device(`bench-${String(i).padStart(5, '0')}`)))
  return {
    acknowledged,
    readings: () => readings,
    acknowledgedAtLeast: (least) => new Promise((resolve) => waiting.push({ least, resolve })),
    stop: () => {
      stopped = true
      for (const note of underWay) note()
      for (const socket of sockets) socket.destroy()
    },
  }

  function device(thing: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const values = new Map<string, Set<number>>()
      acknowledged.set(thing, values)
      let socket = open()
      const inFlight = new Map<number, Sent>()
      const done: Sent[] = []
      let clock = Date.now() - 20 * 60_000 - Math.floor(random() * 60_000)
      let packetId = 0
      let held: Sent | null = null

      underWay.push(() => {
        for (const sent of inFlight.values())
          for (const [measure, list] of Object.entries(sent.values))
            for (const [i, value] of list.entries())
              values.get(`${measure}|${sent.at + i * sent.step}`)?.add(value)
      })

      /** On a busy machine the box may have given up a connection before it could ask to be let in. */
      function open(): Socket {
        const opened = connect(port, '127.0.0.1', () => opened.write(connectFrame(thing)))
        let letIn = false
        sockets.add(opened)
        opened.setNoDelay(true)
        opened.on('error', () => {})
        opened.on('close', () => {
          sockets.delete(opened)
          if (!letIn && !stopped) setTimeout(() => (socket = open()), RETRY_MS)
        })
        opened.on(
          'data',
          createAckReader(acknowledge, (code) => {
            if (code !== 0) reject(new Error(`${thing} was refused with ${code}`))
            letIn = true
            resolve()
            fill()
          }),
        )
        return opened
      }

      function acknowledge(id: number): void {
        const sent = inFlight.get(id)
        if (!sent) return
        inFlight.delete(id)
        for (const [measure, list] of Object.entries(sent.values)) {
          for (const [i, value] of list.entries()) {
            const key = `${measure}|${sent.at + i * sent.step}`
            if (!values.has(key)) readings++
            values.set(key, new Set([value])) // one connection: the last to be acknowledged is the last received
          }
        }
        done.push(sent)
        if (done.length > 50) done.shift()
        waiting = waiting.filter(({ least, resolve }) => (readings >= least ? resolve() : true))
        if (!stopped) fill()
      }

      function fill(): void {
        while (inFlight.size < IN_FLIGHT) {
          const next = choose()
          if (!next) return
          packetId = (packetId % 65_535) + 1
          inFlight.set(packetId, next)
          const { at, step, lane, values: measured } = next
          const payload = Buffer.from(JSON.stringify({ at, step, measures: measured }))
          socket.write(publishFrame(`dt/plant/${thing}/${lane}`, payload, packetId))
        }
      }

      function choose(): Sent {
        const dice = random()
        if (dice < 0.06 && done.length > 0) return done[Math.floor(random() * done.length)]! // a duplicate
        if (dice < 0.07 && done.length > 0) return corrected(done[Math.floor(random() * done.length)]!)
        if (dice < 0.11 && held) {
          const late = held
          held = null
          return late // kept back: late
        }
        if (dice < 0.13) return fresh('telemetry', Date.now() + 90_000 + random() * 30_000) // ahead
        if (dice < 0.14) return fresh('telemetry', Date.now() + 86_400_000 * (1 + random() * 300)) // the future
        if (dice < 0.18) return fresh('backfill', clock - 3_600_000 - random() * 3_600_000)
        const next = fresh('telemetry', clock)
        clock += SAMPLES * next.step + Math.floor(random() * 500)
        if (dice < 0.26 && !held) {
          held = next
          return choose()
        }
        return next
      }

      function corrected({ values: measured, ...rest }: Sent): Sent {
        return {
          ...rest,
          values: Object.fromEntries(
            Object.entries(measured).map(([m, list]) => [m, list.map((v) => v + 0.25)]),
          ),
        }
      }

      function fresh(lane: Sent['lane'], start: number): Sent {
        const at = Math.floor(start)
        const step = 50 + Math.floor(random() * 200)
        const chosen = random() < 0.5 ? measures.slice(0, 5) : measures.slice(5)
        const list = (m: string) => Array.from({ length: SAMPLES }, (_, i) => valueAt(m, at + i * step))
        return { at, step, lane, values: Object.fromEntries(chosen.map((m) => [m, list(m)])) }
      }
    })
  }
}

/** A function of measure and time, so that a copy is always equal; it crosses the limit of 1,000 again and again. */
function valueAt(measure: string, at: number): number {
  const phase = measures.indexOf(measure)
  return Math.round((Math.sin(at / 9000 + phase) * 1040 + Math.sin(at / 311) * 20) * 100) / 100
}
