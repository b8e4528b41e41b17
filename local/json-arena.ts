/** Where one value lies: its JSON, spaces, and a comma as the last byte. */
export interface JsonSlot {
  readonly start: number
  readonly size: number
}

export interface JsonArena {
  /** Writes a value where its last one lay, if it fits there. */
  write(json: string, slot: JsonSlot | null): JsonSlot
  free(slot: JsonSlot): void
  /** `{"items":[…],` and the fields of `rest`, of which there is at least one. */
  page(slots: readonly JsonSlot[], rest: object): Uint8Array<ArrayBuffer>
  /** More lies fallow than is used: everything may be written anew, in order. */
  isSparse(): boolean
  clear(): void
  bytes(): number
}

const SPACE = 0x20
const COMMA = 0x2c
/** Room for a value whose numbers become longer. RFC 8259 section 2: spaces may stand before a comma. */
const ALIGN = 16
const LEAST_BYTES = 64 * 1024

/** JSON values side by side in one buffer, so that a page of ten thousand is a few copies and not ten thousand. */
export function createJsonArena(): JsonArena {
  let buffer = Buffer.alloc(LEAST_BYTES)
  let end = 0
  let fallow = 0

  function take(length: number): JsonSlot {
    const size = Math.ceil((length + 1) / ALIGN) * ALIGN + ALIGN
    if (end + size > buffer.length) {
      const grown = Buffer.alloc(Math.max(2 * buffer.length, end + size))
      grown.set(buffer.subarray(0, end))
      buffer = grown
    }
    const slot = { start: end, size }
    end += size
    return slot
  }

  function free({ start, size }: JsonSlot): void {
    buffer.fill(SPACE, start, start + size)
    fallow += size
  }

  return {
    write: (json, known) => {
      const length = Buffer.byteLength(json)
      const fits = known !== null && length < known.size
      if (known && !fits) free(known)
      const slot = known && fits ? known : take(length)
      const last = slot.start + slot.size - 1
      buffer.write(json, slot.start)
      buffer.fill(SPACE, slot.start + length, last)
      buffer[last] = COMMA
      return slot
    },
    free,
    page: (slots, rest) => {
      const head = Buffer.from('{"items":[')
      const tail = Buffer.from(`],${JSON.stringify(rest).slice(1)}`)
      let length = head.length + tail.length
      for (const { size } of slots) length += size
      const page = Buffer.allocUnsafe(length) // every byte is written below
      page.set(head)
      let at = head.length
      for (let i = 0; i < slots.length;) {
        const { start } = slots[i]!
        let stop = start
        while (i < slots.length && slots[i]!.start === stop) stop += slots[i++]!.size
        page.set(buffer.subarray(start, stop), at)
        at += stop - start
      }
      if (slots.length > 0) page[at - 1] = SPACE
      page.set(tail, at)
      return page
    },
    isSparse: () => end > LEAST_BYTES && fallow > end / 2,
    clear: () => {
      buffer = Buffer.alloc(LEAST_BYTES)
      end = 0
      fallow = 0
    },
    bytes: () => buffer.length,
  }
}
