/** Units along a tile’s edge (Mapbox Vector Tile 2.1, section 4.1). */
export const TILE_EXTENT = 4096

export interface TileLine {
  tags: Readonly<Record<string, string>>
  /** Whole units, x and y in turn, at least two points. */
  parts: readonly (readonly number[])[]
}

/** One layer of lines as a Mapbox Vector Tile 2.1. No lines make an empty tile, which is a valid one. */
export function vectorTile(layer: string, lines: readonly TileLine[]): Uint8Array {
  if (lines.length === 0) return new Uint8Array()
  const keys = new Map<string, number>()
  const values = new Map<string, number>()
  const index = (of: Map<string, number>, text: string): number => {
    const found = of.get(text) ?? of.size
    of.set(text, found)
    return found
  }
  const body: number[] = []
  field(body, 15, VARINT)
  varint(body, 2) // version
  bytes(body, 1, utf8(layer))
  for (const { tags, parts } of lines) {
    const feature: number[] = []
    const tagIds = Object.entries(tags).flatMap(([key, value]) => [index(keys, key), index(values, value)])
    bytes(feature, 2, packed(tagIds))
    field(feature, 3, VARINT)
    varint(feature, LINESTRING)
    bytes(feature, 4, packed(geometry(parts)))
    bytes(body, 2, feature)
  }
  for (const key of keys.keys()) bytes(body, 3, utf8(key))
  for (const value of values.keys()) {
    const text: number[] = []
    bytes(text, 1, utf8(value))
    bytes(body, 4, text)
  }
  field(body, 5, VARINT)
  varint(body, TILE_EXTENT)
  const tile: number[] = []
  bytes(tile, 3, body)
  return Uint8Array.from(tile)
}

// Protocol buffers, encoding: wire types.
const VARINT = 0
const LENGTH = 2
const LINESTRING = 2
// Section 4.3.1: commands.
const MOVE_TO = 1
const LINE_TO = 2

function geometry(parts: readonly (readonly number[])[]): number[] {
  const out: number[] = []
  let [x, y] = [0, 0]
  for (const part of parts) {
    out.push((1 << 3) | MOVE_TO)
    for (let i = 0; i < part.length; i += 2) {
      if (i === 2) out.push(((part.length / 2 - 1) << 3) | LINE_TO)
      out.push(zigzag(part[i]! - x), zigzag(part[i + 1]! - y))
      x = part[i]!
      y = part[i + 1]!
    }
  }
  return out
}

const zigzag = (n: number): number => (n << 1) ^ (n >> 31)

function packed(numbers: readonly number[]): number[] {
  const out: number[] = []
  for (const n of numbers) varint(out, n)
  return out
}

const field = (out: number[], number: number, type: number): void => varint(out, (number << 3) | type)

function bytes(out: number[], number: number, content: readonly number[]): void {
  field(out, number, LENGTH)
  varint(out, content.length)
  for (const byte of content) out.push(byte)
}

function varint(out: number[], n: number): void {
  let rest = n >>> 0
  while (rest > 0x7f) {
    out.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  out.push(rest)
}

/** core has no TextEncoder. */
function utf8(text: string): number[] {
  const out: number[] = []
  for (const character of text) {
    const c = character.codePointAt(0)!
    if (c < 0x80) out.push(c)
    else if (c < 0x800) out.push(0xc0 | (c >> 6), 0x80 | (c & 63))
    else if (c < 0x10000) out.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63))
    else out.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63))
  }
  return out
}
