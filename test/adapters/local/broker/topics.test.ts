import { describe, expect, it } from 'vitest'
import { brokerLimits } from '../../../../src/adapters/local/broker/limits.ts'
import {
  covers,
  destinationOf,
  effectiveTopic,
  filterFault,
  topicFault,
} from '../../../../src/adapters/local/broker/topics.ts'

const BASIC_INGEST = '$aws/rules/telltale_plant/'

describe('topicFault', () => {
  it('does not count the Basic Ingest prefix', () => {
    const deepest = 'a/b/c/d/e/f/g/h'
    const longest = 'x'.repeat(256)
    for (const topic of [deepest, longest, BASIC_INGEST + deepest, BASIC_INGEST + longest])
      expect(topicFault(topic, brokerLimits)).toBe(null)
    for (const topic of [
      `${deepest}/i`,
      `${longest}x`,
      `${BASIC_INGEST}${deepest}/i`,
      `${BASIC_INGEST}${longest}x`,
    ])
      expect(topicFault(topic, brokerLimits)).not.toBe(null)
  })

  it('counts bytes, not characters', () => {
    expect(topicFault('é'.repeat(129), brokerLimits)).toContain('256 bytes')
  })

  it.each(['', BASIC_INGEST, '$aws/rules/x', 'a/+', 'a/#', 'a\0', '$SYS/a', '$share/g/a'])(
    'refuses "%s"',
    (topic) => {
      expect(topicFault(topic, brokerLimits)).not.toBe(null)
    },
  )
})

describe('filterFault', () => {
  it.each([
    '',
    '$SYS/#',
    '$share/g/a',
    '$aws/rules/telltale_plant/#',
    'a\0',
    'x'.repeat(257),
    '+/+/+/+/+/+/+/+/+',
  ])('refuses "%s"', (filter) => {
    expect(filterFault(filter, brokerLimits)).not.toBe(null)
  })

  it('lets wildcards pass', () => {
    expect(filterFault('cmd/plant/m/+/#', brokerLimits)).toBe(null)
  })
})

describe('destinationOf', () => {
  it('sends telemetry, Sparkplug, answers and Basic Ingest to the journal', () => {
    for (const topic of ['dt/a', 'spBv1.0/a', 'cmd/p/m/set/response', `${BASIC_INGEST}anything`])
      expect(destinationOf(topic)).toBe('ingest')
    expect(destinationOf('$aws/things/m/shadow/get')).toBe('reserved')
    expect(destinationOf('cmd/p/m/set/request')).toBe('subscribers')
  })
})

describe('effectiveTopic', () => {
  it('takes off the rule', () => {
    expect(effectiveTopic(`${BASIC_INGEST}dt/plant/m/telemetry`)).toBe('dt/plant/m/telemetry')
    expect(effectiveTopic('dt/plant/m/telemetry')).toBe('dt/plant/m/telemetry')
  })
})

describe('covers', () => {
  // MQTT 3.1.1, 4.7.1 and 4.7.2, the examples of the standard
  it.each([
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/a', false],
    ['+/monitor/Clients', '$SYS/monitor/Clients', false],
    ['$SYS/#', '$SYS/a', true],
    ['a/b', 'a/bc', false],
  ])('%s covers %s: %s', (filter, topic, expected) => {
    expect(covers(filter, topic)).toBe(expected)
  })
})
