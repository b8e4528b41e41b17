import * as fc from 'fast-check'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBox, until, type Box } from './bench-box.ts'
import { chunksOf, packet, text } from './mqtt-bytes.ts'

let box: Box

beforeAll(async () => {
  const identifyPlain = (thing: string) => ({ thing, trade: 'plant', status: 'active' }) as const
  box = await startBox({ plain: { port: 0 }, directory: { identify: () => null, identifyPlain } })
  // Somebody listens to Sparkplug, so that it must pass through the broker.
  await box.broker.subscribe('spBv1.0/#', () => undefined)
})
afterAll(() => box.close())

interface Sent {
  topic: string
  qos: 0 | 1
  dup: boolean
  payload: string
}

const anySent: fc.Arbitrary<Sent | 'ping'> = fc.oneof(
  { weight: 8, arbitrary: publishOf('dt/plant/motor-1/telemetry') },
  { weight: 2, arbitrary: publishOf('$aws/rules/telltale_plant/dt/plant/motor-1/telemetry/c1') },
  { weight: 2, arbitrary: publishOf('spBv1.0/plant/NDATA/motor-1') },
  { weight: 1, arbitrary: fc.constant('ping' as const) },
)

function publishOf(topic: string): fc.Arbitrary<Sent> {
  return fc.record({
    topic: fc.constant(topic),
    qos: fc.constantFrom<0 | 1>(0, 1),
    dup: fc.boolean(),
    payload: fc.string({ maxLength: 200 }),
  })
}

const CONNECT = packet(0x10, text('MQTT'), Buffer.from([4, 2, 0, 1]), text('motor-1'))
const PINGREQ = packet(0xc0)

function bytesOf(sent: Sent | 'ping', packetId: number): Buffer {
  if (sent === 'ping') return PINGREQ
  const flags = sent.qos === 1 ? 0x32 | (sent.dup ? 8 : 0) : 0x30
  const id = sent.qos === 1 ? [Buffer.from([packetId >> 8, packetId & 255])] : []
  return packet(flags, text(sent.topic), ...id, Buffer.from(sent.payload))
}

/** Connects, and collects the types of what comes back, PUBACKs with their numbers. */
async function open(): Promise<{ socket: Socket; answers: (number | 'pingresp')[] }> {
  const answers: (number | 'pingresp')[] = []
  let connected = false
  let rest: Buffer = Buffer.alloc(0)
  const socket = connect(box.broker.ports.plain!, '127.0.0.1')
  socket.setNoDelay(true)
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 2 && rest.length >= 2 + rest[1]!) {
      const type = rest[0]! >> 4
      if (type === 2) connected = true
      if (type === 4) answers.push(rest.readUInt16BE(2))
      if (type === 13) answers.push('pingresp')
      rest = rest.subarray(2 + rest[1]!)
    }
  })
  socket.write(CONNECT)
  await until(() => connected)
  return { socket, answers }
}

describe('telemetry', () => {
  it('comes whole and in order, and is acknowledged in order, whatever the chunks and the other packets', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anySent, { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
        async (sent, cuts, groups) => {
          const taken: string[] = []
          const waiting: (() => void)[] = []
          let turn = 0
          // A journal that makes a few messages durable at a time, in order.
          const journal = setInterval(() => {
            for (const done of waiting.splice(0, groups[turn++ % groups.length])) done()
          }, 1)
          box.onIngest(({ topic, payload }, done) => {
            taken.push(`${topic} ${Buffer.from(payload).toString()}`)
            waiting.push(done)
          })
          const { socket, answers } = await open()
          const stream = Buffer.concat(sent.map((one, i) => bytesOf(one, i + 1)))
          for (const chunk of chunksOf(stream, cuts)) {
            socket.write(chunk)
            await new Promise((resolve) => setImmediate(resolve))
          }
          const publishes = sent.filter((one): one is Sent => one !== 'ping')
          const acknowledged = sent.flatMap((one, i) => (one !== 'ping' && one.qos === 1 ? [i + 1] : []))
          await until(
            () =>
              taken.length === publishes.length &&
              answers.length === acknowledged.length + (sent.length - publishes.length),
          )
          clearInterval(journal)
          socket.destroy()
          await until(() => box.broker.connections().length === 0)
          const plain = (topic: string): string => topic.replace('$aws/rules/telltale_plant/', '')
          expect(taken).toEqual(publishes.map(({ topic, payload }) => `${plain(topic)} ${payload}`))
          expect(answers.filter((answer) => answer !== 'pingresp')).toEqual(acknowledged)
        },
      ),
      { numRuns: 30 },
    ))

  it('keeps a connection alive that sends nothing else', async () => {
    box.onIngest((_message, done) => done())
    const { socket, answers } = await open() // with a keep alive of one second
    for (let i = 1; i <= 4; i++) {
      const sent = { topic: 'dt/plant/motor-1/telemetry', qos: 1, dup: false, payload: 'x' } as const
      socket.write(bytesOf(sent, i))
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
    expect(answers).toEqual([1, 2, 3, 4])
    socket.destroy()
  })

  it('closes the connection where the journal refuses, without an acknowledgement', async () => {
    box.onIngest((_message, done) => done(new Error('the disk is full')))
    const { socket, answers } = await open()
    const ended = new Promise((resolve) => socket.once('close', resolve))
    socket.write(bytesOf({ topic: 'dt/plant/motor-1/telemetry', qos: 1, dup: false, payload: 'x' }, 7))
    await ended
    expect(answers).toEqual([])
    await until(() => box.presence.at(-1)?.eventType === 'disconnected')
    expect(box.presence.at(-1)?.disconnectReason).toBe('SERVER_ERROR')
  })
})
