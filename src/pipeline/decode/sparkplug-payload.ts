import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { SparkplugMetric, SparkplugPayload } from '../../core/telemetry/birth-table.ts'
import { BadRecord } from '../../core/telemetry/errors.ts'
import { limits } from '../../core/telemetry/limits.ts'
import { sparkplugDatatype } from '../../core/telemetry/sparkplug-value.ts'
import type { EpochMs, Trade } from '../../core/telemetry/reading.ts'

// Field numbers of Sparkplug 3.0.0 section 6.4.1, org.eclipse.tahu.protobuf.Payload.
const payloadField = { timestamp: 1, metrics: 2, seq: 3 } as const
const metricField = {
  name: 1,
  alias: 2,
  timestamp: 3,
  datatype: 4,
  isHistorical: 5,
  isNull: 7,
  int: 10,
  long: 11,
  float: 12,
  double: 13,
  boolean: 14,
  string: 15,
  bytes: 16,
  extension: 19,
} as const

/** Reads a Sparkplug B payload. What telemetry does not hold (DataSet, Template, properties) is skipped unread. */
export function readSparkplugPayload(bytes: Uint8Array): SparkplugPayload {
  try {
    return readPayload(new BinaryReader(bytes, decodeText))
  } catch (cause) {
    if (cause instanceof BadRecord) throw cause
    throw new BadRecord(
      'bad_sparkplug',
      `payload of ${bytes.length} bytes: ${(cause as Error).message}; allowed is a Sparkplug B Payload`,
    )
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const decodeText = (bytes: Uint8Array): string => utf8.decode(bytes)

function readPayload(reader: BinaryReader): SparkplugPayload {
  const payload: SparkplugPayload = { timestamp: null, seq: null, metrics: [] }
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === payloadField.timestamp && type === WireType.Varint)
      payload.timestamp = Number(reader.uint64())
    else if (field === payloadField.seq && type === WireType.Varint) payload.seq = Number(reader.uint64())
    else if (field === payloadField.metrics && type === WireType.LengthDelimited) addMetric(payload, reader)
    else reader.skip(type, field)
  }
  return payload
}

function addMetric(payload: SparkplugPayload, reader: BinaryReader): void {
  if (payload.metrics.length >= limits.samplesPerMessage)
    throw new BadRecord(
      'too_many_samples',
      `payload has more than ${limits.samplesPerMessage} metrics; allowed are ${limits.samplesPerMessage}`,
    )
  payload.metrics.push(readMetric(reader, reader.uint32()))
}

function readMetric(reader: BinaryReader, length: number): SparkplugMetric {
  const end = reader.pos + length
  if (end > reader.len) throw new RangeError(`a metric announces ${length} bytes`)
  const metric: SparkplugMetric = { name: null, alias: null, timestamp: null, datatype: null, value: null }
  let isNull = false
  let isHistorical = false
  while (reader.pos < end) {
    const [field, type] = reader.tag()
    if (field === metricField.isNull && type === WireType.Varint) isNull = reader.bool()
    else if (field === metricField.isHistorical && type === WireType.Varint) isHistorical = reader.bool()
    else if (!readField(reader, field, type, metric)) reader.skip(type, field)
  }
  if (reader.pos !== end) throw new RangeError('a field runs past the end of its metric')
  if (isNull) metric.value = null
  if (isHistorical) metric.historical = true
  return metric
}

function readField(reader: BinaryReader, field: number, type: WireType, metric: SparkplugMetric): boolean {
  switch (field) {
    case metricField.name:
      return type === WireType.LengthDelimited && ((metric.name = reader.string()), true)
    case metricField.alias:
      return type === WireType.Varint && ((metric.alias = String(reader.uint64())), true)
    case metricField.timestamp:
      return type === WireType.Varint && ((metric.timestamp = Number(reader.uint64())), true)
    case metricField.datatype:
      return type === WireType.Varint && ((metric.datatype = reader.uint32()), true)
    default:
      return readValue(reader, field, type, metric)
  }
}

function readValue(reader: BinaryReader, field: number, type: WireType, metric: SparkplugMetric): boolean {
  if (field === metricField.int && type === WireType.Varint)
    metric.value = { field: 'int', value: reader.uint32() }
  else if (field === metricField.long && type === WireType.Varint)
    metric.value = { field: 'long', value: BigInt(reader.uint64()) }
  else if (field === metricField.float && type === WireType.Bit32)
    metric.value = { field: 'float', value: reader.float() }
  else if (field === metricField.double && type === WireType.Bit64)
    metric.value = { field: 'double', value: reader.double() }
  else if (field === metricField.boolean && type === WireType.Varint)
    metric.value = { field: 'boolean', value: reader.bool() }
  else if (field === metricField.string && type === WireType.LengthDelimited)
    metric.value = { field: 'string', value: reader.string() }
  else {
    if (field >= metricField.bytes && field <= metricField.extension) metric.value = { field: 'other' }
    return false
  }
  return true
}

/** The command that asks an edge node to send its births again (Sparkplug 3.0.0, `Node Control/Rebirth`). */
export function rebirthCommand(
  trade: Trade,
  thing: string,
  now: EpochMs,
): { topic: string; payload: Uint8Array } {
  const payload = writeSparkplugPayload({
    timestamp: now,
    seq: null,
    metrics: [
      {
        name: 'Node Control/Rebirth',
        alias: null,
        timestamp: now,
        datatype: sparkplugDatatype.Boolean,
        value: { field: 'boolean', value: true },
      },
    ],
  })
  return { topic: `spBv1.0/${trade}/NCMD/${thing}`, payload }
}

/** Writes a Sparkplug B payload; a null value is written as is_null. */
export function writeSparkplugPayload({ timestamp, seq, metrics }: SparkplugPayload): Uint8Array {
  const writer = new BinaryWriter()
  if (timestamp !== null) writer.tag(payloadField.timestamp, WireType.Varint).uint64(timestamp)
  for (const metric of metrics) {
    writer.tag(payloadField.metrics, WireType.LengthDelimited).fork()
    writeMetric(writer, metric)
    writer.join()
  }
  if (seq !== null) writer.tag(payloadField.seq, WireType.Varint).uint64(seq)
  return writer.finish()
}

function writeMetric(writer: BinaryWriter, metric: SparkplugMetric): void {
  const { name, alias, timestamp, datatype, value, historical } = metric
  if (name !== null) writer.tag(metricField.name, WireType.LengthDelimited).string(name)
  if (alias !== null) writer.tag(metricField.alias, WireType.Varint).uint64(alias)
  if (timestamp !== null) writer.tag(metricField.timestamp, WireType.Varint).uint64(timestamp)
  if (datatype !== null) writer.tag(metricField.datatype, WireType.Varint).uint32(datatype)
  if (historical) writer.tag(metricField.isHistorical, WireType.Varint).bool(true)
  writeValue(writer, value)
}

function writeValue(writer: BinaryWriter, value: SparkplugMetric['value']): void {
  switch (value?.field) {
    case undefined:
    case 'other':
      writer.tag(metricField.isNull, WireType.Varint).bool(true)
      break
    case 'int':
      writer.tag(metricField.int, WireType.Varint).uint32(value.value)
      break
    case 'long':
      writer.tag(metricField.long, WireType.Varint).uint64(value.value)
      break
    case 'float':
      writer.tag(metricField.float, WireType.Bit32).float(value.value)
      break
    case 'double':
      writer.tag(metricField.double, WireType.Bit64).double(value.value)
      break
    case 'boolean':
      writer.tag(metricField.boolean, WireType.Varint).bool(value.value)
      break
    case 'string':
      writer.tag(metricField.string, WireType.LengthDelimited).string(value.value)
      break
  }
}
