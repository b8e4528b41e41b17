import { isThingName } from './limits.ts'
import { trades, type Lane, type Trade } from './reading.ts'

/** Where a telemetry topic leads. `child` is set where a gateway speaks for another device. */
export interface TelemetryTopic {
  format: 'message'
  trade: Trade
  thing: string
  lane: Lane
  child: string | null
}

/** A Sparkplug B topic: group is the trade, edge node the thing, device the child. */
export interface SparkplugTopic {
  format: 'sparkplug'
  trade: Trade
  type: SparkplugType
  thing: string
  child: string | null
}

/** What a device asks of the platform; the answer is a command. */
export interface RequestTopic {
  format: 'request'
  trade: Trade
  thing: string
  name: string
}

export const sparkplugTypes = ['NBIRTH', 'NDEATH', 'DBIRTH', 'DDEATH', 'NDATA', 'DDATA'] as const
export type SparkplugType = (typeof sparkplugTypes)[number]

/** AWS IoT: Basic Ingest topics carry the rule's name in front; rules see the rest. */
export const basicIngestPrefix = (trade: Trade): string => `$aws/rules/telltale_${trade}/`

/** Takes off the Basic Ingest prefix, if it is the prefix of the topic's own trade. */
export function stripBasicIngest(topic: string): string {
  if (!topic.startsWith('$aws/rules/telltale_')) return topic
  for (const trade of trades) {
    const prefix = basicIngestPrefix(trade)
    if (topic.startsWith(prefix)) return topic.slice(prefix.length)
  }
  return topic
}

export function parseTopic(topic: string): TelemetryTopic | SparkplugTopic | RequestTopic | null {
  const parts = stripBasicIngest(topic).split('/')
  if (parts[0] === 'dt') return parseData(parts)
  if (parts[0] === 'spBv1.0') return parseSparkplug(parts)
  return null
}

function parseData([, trade, thing, kind, last, ...rest]: string[]): TelemetryTopic | RequestTopic | null {
  if (!isTrade(trade) || !thing || !isThingName(thing) || rest.length > 0) return null
  if (last !== undefined && !isThingName(last)) return null
  if (kind === 'telemetry' || kind === 'backfill')
    return { format: 'message', trade, thing, lane: kind, child: last ?? null }
  return kind === 'request' && last ? { format: 'request', trade, thing, name: last } : null
}

function parseSparkplug([, trade, type, thing, child, ...rest]: string[]): SparkplugTopic | null {
  if (!isTrade(trade) || !isSparkplugType(type) || !thing || !isThingName(thing) || rest.length > 0)
    return null
  if (child !== undefined && !isThingName(child)) return null
  if ((child === undefined) !== type.startsWith('N')) return null
  return { format: 'sparkplug', trade, type, thing, child: child ?? null }
}

export const isTrade = (value: unknown): value is Trade => trades.includes(value as Trade)
const isSparkplugType = (value: unknown): value is SparkplugType =>
  sparkplugTypes.includes(value as SparkplugType)
