import { BadRecord } from './errors.ts'
import { limits } from './limits.ts'
import { shown } from './shown.ts'
import type { MetricValue } from './sparkplug-value.ts'
import type { EpochMs } from './reading.ts'

/** One metric of a Sparkplug B payload. An alias is decimal text: it may exceed what a number holds. */
export interface SparkplugMetric {
  name: string | null
  alias: string | null
  timestamp: number | null
  datatype: number | null
  value: MetricValue
  /** is_historical: buffered while the node was away; stored, and never taken for the present. */
  historical?: true
}

/** A Sparkplug B payload, whatever its message type. */
export interface SparkplugPayload {
  timestamp: number | null
  seq: number | null
  metrics: SparkplugMetric[]
}

/** What a birth said of one metric. `device` is null for the edge node's own. */
export interface BornMetric {
  name: string
  datatype: number
  device: string | null
}

/**
 * What the births of one edge node have announced. A plain value that may be stored as JSON; a state item of its own.
 * Aliases are unique within an edge node, its devices included (Sparkplug 3.0.0, tck-id-payloads-alias-uniqueness).
 */
export interface BirthTable {
  thing: string
  /** Of the newest NBIRTH; an NDEATH with another one is of an earlier session. */
  bdSeq: number | null
  /** Of the last message, 0 to 255; null before any. */
  seq: number | null
  /** Whether the edge node's birth stands. */
  born: boolean
  /** Devices whose birth stands. */
  devices: string[]
  aliases: Readonly<Record<string, BornMetric>>
  names: Readonly<Record<string, number>>
  bornAt: EpochMs | null
}

/** A birth that announces more would grow the state item beyond what a store takes (DynamoDB: 400 KB). */
export const METRICS_PER_NODE = 4096

export const emptyBirthTable = (thing: string): BirthTable => ({
  thing,
  bdSeq: null,
  seq: null,
  born: false,
  devices: [],
  aliases: {},
  names: {},
  bornAt: null,
})

/** The newline keeps every key apart from what objects inherit. */
const nameKey = (device: string | null, name: string): string => `${device ?? ''}\n${name}`

/**
 * The table after a birth: a node's replaces everything, a device's what that device announced before. Names are
 * bounded because every later reading of theirs is named anew.
 */
export function addBirth(
  table: BirthTable,
  device: string | null,
  payload: SparkplugPayload,
  receivedAt: EpochMs,
): BirthTable {
  const prefix = nameKey(device, '')
  const kept = <T>(entries: Readonly<Record<string, T>>, isOther: (key: string, value: T) => boolean) =>
    device === null ? [] : Object.entries(entries).filter(([key, value]) => isOther(key, value))
  const aliases = kept(table.aliases, (_, metric) => metric.device !== device)
  const names = kept(table.names, (key) => !key.startsWith(prefix))
  for (const { name, alias, datatype } of payload.metrics) {
    if (name === null) throw new BadRecord('bad_sparkplug', 'a birth has a metric without a name')
    if (name.length > limits.textLength)
      throw new BadRecord(
        'bad_name',
        `metric name ${shown(name)} has ${name.length} characters; allowed are ${limits.textLength}`,
      )
    if (alias !== null) aliases.push([alias, { name, datatype: datatype ?? 0, device }])
    names.push([nameKey(device, name), datatype ?? 0])
  }
  if (names.length > METRICS_PER_NODE)
    throw new BadRecord(
      'too_many_measures',
      `births of ${table.thing} announce ${names.length} metrics; allowed are ${METRICS_PER_NODE}`,
    )
  return {
    ...table,
    born: device === null ? true : table.born,
    bdSeq: device === null ? birthSequence(payload) : table.bdSeq,
    devices: device === null ? [] : [...table.devices.filter((born) => born !== device), device],
    aliases: Object.fromEntries(aliases),
    names: Object.fromEntries(names),
    bornAt: device === null ? receivedAt : table.bornAt,
  }
}

/** The table as if this device had never been announced; the same one where it never was. */
export function forgetDevice(table: BirthTable, device: string): BirthTable {
  const aliases = Object.entries(table.aliases).filter(([, metric]) => metric.device !== device)
  const names = Object.entries(table.names).filter(([key]) => !key.startsWith(nameKey(device, '')))
  const devices = table.devices.filter((born) => born !== device)
  const changed = devices.length < table.devices.length || aliases.length < Object.keys(table.aliases).length || names.length < Object.keys(table.names).length // prettier-ignore
  return changed
    ? { ...table, devices, aliases: Object.fromEntries(aliases), names: Object.fromEntries(names) }
    : table
}

/** The value of the bdSeq metric, null if there is none. */
export function birthSequence({ metrics }: SparkplugPayload): number | null {
  const value = metrics.find(({ name }) => name === 'bdSeq')?.value
  return value && 'value' in value && Number.isFinite(Number(value.value)) ? Number(value.value) : null
}

/** What is known of a metric, by its alias or by its name; data type 0 where nobody has declared one. */
export function identify(table: BirthTable, device: string | null, metric: SparkplugMetric): BornMetric {
  const { name, alias, datatype } = metric
  if (name !== null) return { name, datatype: datatype ?? table.names[nameKey(device, name)] ?? 0, device }
  if (alias === null) throw new BadRecord('bad_sparkplug', 'a metric has neither a name nor an alias')
  const born = Object.hasOwn(table.aliases, alias) ? table.aliases[alias] : undefined
  if (born?.device === device) return { ...born, datatype: datatype ?? born.datatype }
  throw new BadRecord(
    'unknown_alias',
    `alias ${shown(alias)} of ${shown(device ?? table.thing)} is announced by no birth; allowed are ${Object.keys(table.aliases).length} known ones`,
  )
}
