import { BadRecord } from '../../core/telemetry/errors.ts'
import { limits } from '../../core/telemetry/limits.ts'
import { shown } from '../../core/telemetry/shown.ts'
import { decodeUtf8 } from './utf8.ts'

/**
 * Reads a SenML pack in CBOR (RFC 8949, labels of RFC 8428 table 4) into records with JSON labels. Reads nothing
 * but an array of maps of scalars, so that no header can make it allocate or recurse more than it has bytes.
 */
export function readSenmlCbor(payload: Uint8Array): Record<string, unknown>[] {
  const reader = cborReader(payload)
  const records = readItems(reader, ARRAY, 'pack', () => readRecord(reader))
  if (reader.at < payload.length)
    throw bad(`${payload.length - reader.at} bytes follow the pack; allowed is one data item`)
  return records
}

const labels = new Map<unknown, string>([
  [-1, 'bver'],
  [-2, 'bn'],
  [-3, 'bt'],
  [-4, 'bu'],
  [-5, 'bv'],
  [-6, 'bs'],
  [0, 'n'],
  [1, 'u'],
  [2, 'v'],
  [3, 'vs'],
  [4, 'vb'],
  [5, 's'],
  [6, 't'],
  [7, 'ut'],
  [8, 'vd'],
])

// RFC 8949 section 3.1, major types.
const UNSIGNED = 0
const NEGATIVE = 1
const BYTES = 2
const TEXT = 3
const ARRAY = 4
const MAP = 5
const TAG = 6
const BREAK = 0xff

interface Reader {
  bytes: Uint8Array
  view: DataView
  at: number
}
interface Head {
  major: number
  info: number
  /** The argument; NaN for an indefinite length. */
  argument: number | bigint
}

const cborReader = (bytes: Uint8Array): Reader => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  at: 0,
})

const bad = (detail: string): BadRecord => new BadRecord('bad_cbor', detail)

function readRecord(reader: Reader): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  readItems(reader, MAP, 'record', () => {
    const key = readScalar(reader)
    // RFC 8428 section 6: an unknown integer label is ignored like an unknown text one.
    const label = labels.get(key) ?? String(key)
    if (Object.hasOwn(record, label)) throw bad(`a record has label ${shown(label)} twice`)
    const value = readScalar(reader)
    if (label !== '__proto__') record[label] = value
  })
  return record
}

/** Reads the items of an array or map of definite or indefinite length. */
function readItems<T>(reader: Reader, major: number, what: string, read: () => T): T[] {
  const head = readHead(reader)
  if (head.major !== major)
    throw major === MAP && head.major === ARRAY
      ? new BadRecord(
          'too_deep',
          `${what} at byte ${reader.at} is an array; allowed is a map of scalars, ${limits.depth} levels in all`,
        )
      : bad(`${what} at byte ${reader.at} has major type ${head.major}; allowed is ${major}`)
  const items: T[] = []
  if (Number.isNaN(head.argument)) {
    while (peek(reader) !== BREAK) items.push(read())
    reader.at++
    return items
  }
  const left = reader.bytes.length - reader.at
  if (head.argument > left) throw bad(`${what} announces ${head.argument} items in ${left} bytes`)
  for (let i = 0; i < Number(head.argument); i++) items.push(read())
  return items
}

function readScalar(reader: Reader): unknown {
  const head = readHead(reader)
  switch (head.major) {
    case UNSIGNED:
      return Number(definite(head))
    case NEGATIVE: {
      const argument = definite(head)
      return typeof argument === 'bigint' ? Number(-1n - argument) : -1 - argument
    }
    case BYTES:
      return toBase64Url(readBytes(reader, head))
    case TEXT:
      return decodeText(readBytes(reader, head))
    case TAG:
      return readTagged(reader, definite(head))
    case ARRAY:
    case MAP:
      throw new BadRecord('too_deep', `an array or map stands at byte ${reader.at} where a value is allowed`)
    default:
      return readSimple(head)
  }
}

/** Labels, names and codes are short ASCII: cheaper by hand than through a TextDecoder. */
function decodeText(bytes: Uint8Array): string {
  if (bytes.length > 24) return decodeUtf8(bytes)
  let text = ''
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte > 0x7f) return decodeUtf8(bytes)
    text += String.fromCharCode(byte)
  }
  return text
}

function definite({ argument }: Head): number | bigint {
  if (Number.isNaN(argument)) throw bad('an indefinite length where a number is allowed')
  return argument
}

function readBytes(reader: Reader, head: Head): Uint8Array {
  if (Number.isNaN(head.argument)) return readChunks(reader, head.major)
  const left = reader.bytes.length - reader.at
  if (head.argument > left) throw bad(`a text announces ${head.argument} bytes where ${left} are left`)
  const start = reader.at
  reader.at += Number(head.argument)
  return reader.bytes.subarray(start, reader.at)
}

/** RFC 8949 section 3.2.3: chunks of definite length, of the same major type. */
function readChunks(reader: Reader, major: number): Uint8Array {
  const chunks: Uint8Array[] = []
  while (peek(reader) !== BREAK) {
    const head = readHead(reader)
    if (head.major !== major || Number.isNaN(head.argument))
      throw bad(`a chunk at byte ${reader.at} is not of its text's type`)
    if (chunks.length >= limits.textLength)
      throw bad(
        `a text has more than ${limits.textLength} chunks; allowed are as many as a text has characters`,
      )
    chunks.push(readBytes(reader, head))
  }
  reader.at++
  return Buffer.concat(chunks)
}

/** RFC 8949 section 3.4: bignums and decimal fractions are numbers; another tag does not change a scalar. */
function readTagged(reader: Reader, tag: number | bigint): unknown {
  if (tag === 2 || tag === 3) {
    const head = readHead(reader)
    if (head.major !== BYTES) throw bad(`tag ${tag} holds no bytes`)
    const magnitude = BigInt(`0x0${Buffer.from(readBytes(reader, head)).toString('hex')}`)
    return Number(tag === 2 ? magnitude : -1n - magnitude)
  }
  if (tag === 4 || tag === 5) {
    const [exponent, mantissa, ...rest] = readItems(reader, ARRAY, 'fraction', () => readScalar(reader))
    if (typeof exponent !== 'number' || typeof mantissa !== 'number' || rest.length > 0)
      throw bad(`tag ${tag} holds no exponent and mantissa`)
    return tag === 4 ? Number(`${mantissa}e${exponent}`) : mantissa * 2 ** exponent
  }
  if (peek(reader) >> 5 === TAG) throw new BadRecord('too_deep', 'a tag within a tag; allowed is one')
  return readScalar(reader)
}

function readSimple({ info, argument }: Head): unknown {
  if (info === 20 || info === 21) return info === 21
  if (info === 22) return null
  if (info >= 25 && info <= 27) return argument
  throw bad(`simple value ${info}; allowed are true, false, null and floats`)
}

function peek(reader: Reader): number {
  const byte = reader.bytes[reader.at]
  if (byte === undefined) throw bad(`the payload ends at byte ${reader.at} within a data item`)
  return byte
}

function readHead(reader: Reader): Head {
  const initial = peek(reader)
  reader.at++
  const major = initial >> 5
  const info = initial & 31
  if (info < 24) return { major, info, argument: info }
  if (info === 31 && major >= BYTES && major <= MAP) return { major, info, argument: Number.NaN }
  if (info > 27) throw bad(`byte ${initial} at ${reader.at - 1} is reserved`)
  const size = 1 << (info - 24)
  if (reader.at + size > reader.bytes.length) throw bad(`the payload ends within the head at ${reader.at}`)
  const at = reader.at
  reader.at += size
  return {
    major,
    info,
    argument: major === 7 ? readFloat(reader.view, at, size) : readUint(reader.view, at, size),
  }
}

function readUint(view: DataView, at: number, size: number): number | bigint {
  if (size === 1) return view.getUint8(at)
  if (size === 2) return view.getUint16(at)
  return size === 4 ? view.getUint32(at) : view.getBigUint64(at)
}

function readFloat(view: DataView, at: number, size: number): number {
  if (size === 8) return view.getFloat64(at)
  if (size === 4) return view.getFloat32(at)
  return size === 2 ? halfFloat(view.getUint16(at)) : view.getUint8(at)
}

/** RFC 8949 appendix D. */
function halfFloat(bits: number): number {
  const exponent = (bits >> 10) & 31
  const mantissa = bits & 1023
  const sign = bits & 0x8000 ? -1 : 1
  if (exponent === 0) return sign * mantissa * 2 ** -24
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : Number.NaN
  return sign * (mantissa + 1024) * 2 ** (exponent - 25)
}

/** RFC 8428 section 5: binary values are base64url in JSON. */
const toBase64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
