import type { BrokerLimits } from './limits.ts'

/** Why a connection was cut by its packets' headers alone. */
export type GateViolation = 'not_connect' | 'malformed_length' | 'packet_too_large' | 'too_many_filters'

/**
 * Walks the fixed headers of an MQTT 3.1.1 byte stream, whatever the chunks, before anything buffers a packet.
 * It touches a few bytes a packet and copies none.
 */
export interface Gate {
  inspect(chunk: Uint8Array): GateViolation | null
  /** The stream stands within a packet. */
  midPacket(): boolean
  /** How many packets have begun. */
  begun(): number
  /** The client said goodbye: a DISCONNECT packet passed. */
  disconnected(): boolean
}

const CONNECT = 1
const PUBLISH = 3
const SUBSCRIBE = 8
const DISCONNECT = 14

/** Two bytes topic length, the longest topic with its Basic Ingest prefix, two bytes packet identifier. */
const publishOverhead = (topicBytes: number): number => 2 + topicBytes + 64 + 2

export function createGate(
  limits: Pick<BrokerLimits, 'payloadBytes' | 'topicBytes' | 'controlBytes' | 'filtersPerSubscribe'>,
): Gate {
  const publishBytes = limits.payloadBytes + publishOverhead(limits.topicBytes)
  let type = 0
  let begun = 0
  let disconnected = false
  /** Bytes of the packet's body still to come; −1 while its length is being read. */
  let body = 0
  let length = 0
  let shift = 0
  const filters = filterCounter()

  function inspect(chunk: Uint8Array): GateViolation | null {
    const end = chunk.length
    let i = 0
    while (i < end) {
      if (body > 0) {
        const taken = Math.min(body, end - i)
        if (type === SUBSCRIBE && filters.count(chunk, i, i + taken) > limits.filtersPerSubscribe)
          return 'too_many_filters'
        body -= taken
        i += taken
      } else if (body === 0) {
        type = chunk[i++]! >> 4
        // MQTT-3.1.0-1
        if (begun++ === 0 && type !== CONNECT) return 'not_connect'
        if (type === DISCONNECT) disconnected = true
        body = -1
        length = 0
        shift = 0
      } else {
        const byte = chunk[i++]!
        length |= (byte & 0x7f) << shift
        if (byte > 0x7f) {
          shift += 7
          // MQTT 3.1.1, 2.2.3: at most four bytes
          if (shift > 21) return 'malformed_length'
        } else {
          if (length > (type === PUBLISH ? publishBytes : limits.controlBytes)) return 'packet_too_large'
          body = length
          if (type === SUBSCRIBE) filters.begin()
        }
      }
    }
    return null
  }
  return { inspect, midPacket: () => body !== 0, begun: () => begun, disconnected: () => disconnected }
}

/** Counts the filters of one SUBSCRIBE (MQTT 3.1.1, 3.8.3) as its bytes pass by. */
function filterCounter() {
  let filters = 0
  let skip = 0
  let high = -1
  return {
    begin: () => {
      filters = 0
      skip = 2 // the packet identifier
      high = -1
    },
    count: (chunk: Uint8Array, from: number, to: number): number => {
      for (let i = from; i < to;) {
        if (skip > 0) {
          const taken = Math.min(skip, to - i)
          skip -= taken
          i += taken
        } else if (high < 0) high = chunk[i++]!
        else {
          skip = high * 256 + chunk[i++]! + 1 // the filter and its requested QoS
          high = -1
          filters++
        }
      }
      return filters
    },
  }
}
