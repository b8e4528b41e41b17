import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGate } from '../../../../src/adapters/local/broker/gate.ts'
import { brokerLimits } from '../../../../src/adapters/local/broker/limits.ts'
import { chunksOf, packet, text } from './mqtt-bytes.ts'

const connect = packet(0x10, text('MQTT'), Buffer.from([4, 2, 0, 60]), text('m'))
const subscribe = (filters: number): Buffer =>
  packet(
    0x82,
    Buffer.from([0, 7]),
    ...Array.from({ length: filters }, (_, i) =>
      Buffer.concat([text(`a/${'x'.repeat(i * 30)}`), Buffer.from([0])]),
    ),
  )
const publish = (bytes: number): Buffer =>
  packet(0x32, text('dt/a'), Buffer.from([0, 1]), Buffer.alloc(bytes, 0xff))

/** Feeds the stream in chunks that end at these places; gives the first violation. */
function feed(stream: Buffer, cuts: readonly number[]) {
  const gate = createGate(brokerLimits)
  for (const chunk of chunksOf(stream, cuts)) {
    const violation = gate.inspect(chunk)
    if (violation !== null) return { gate, violation }
  }
  return { gate, violation: null }
}
const anyCuts = fc.array(fc.nat(), { maxLength: 40 })

describe('createGate', () => {
  it('lets well-formed packets pass in any chunks and counts them', () => {
    const body = fc.integer({ min: 0, max: 20_000 }).map(publish)
    const anyPacket = fc.oneof(
      body,
      fc.integer({ min: 1, max: 8 }).map(subscribe),
      fc.constant(Buffer.from([0xc0, 0])),
    )
    fc.assert(
      fc.property(fc.array(anyPacket, { maxLength: 8 }), anyCuts, (packets, cuts) => {
        const { gate, violation } = feed(Buffer.concat([connect, ...packets]), cuts)
        expect(violation).toBe(null)
        expect(gate.begun()).toBe(packets.length + 1)
        expect(gate.midPacket()).toBe(false)
        expect(gate.disconnected()).toBe(false)
      }),
    )
  })

  it('finds what is wrong in any chunks', () => {
    const wrong = fc.constantFrom(
      [Buffer.concat([connect, publish(brokerLimits.payloadBytes + 400)]), 'packet_too_large'] as const,
      [
        Buffer.concat([connect, Buffer.from([0x82, 0x80, 0x80, 1]), Buffer.alloc(9)]),
        'packet_too_large',
      ] as const,
      [Buffer.concat([connect, subscribe(9)]), 'too_many_filters'] as const,
      [Buffer.concat([connect, subscribe(8), subscribe(9)]), 'too_many_filters'] as const,
      [Buffer.concat([connect, Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 1])]), 'malformed_length'] as const,
      [publish(1), 'not_connect'] as const,
    )
    fc.assert(
      fc.property(wrong, anyCuts, ([stream, violation], cuts) => {
        expect(feed(stream, cuts).violation).toBe(violation)
      }),
    )
  })

  it('refuses 200 MB at the header', () => {
    expect(feed(Buffer.concat([connect, Buffer.from([0x30, 0x80, 0x80, 0xaf, 0x5f])]), []).violation).toBe(
      'packet_too_large',
    )
  })

  it('knows that it stands within a packet, and that the client said goodbye', () => {
    const { gate } = feed(Buffer.concat([connect, publish(100).subarray(0, 50)]), [])
    expect(gate.midPacket()).toBe(true)
    expect(feed(Buffer.concat([connect, Buffer.from([0xe0, 0])]), []).gate.disconnected()).toBe(true)
  })
})
