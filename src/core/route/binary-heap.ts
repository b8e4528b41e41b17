/** A queue of whole numbers, the one with the least key first. */
export interface BinaryHeap {
  readonly size: number
  clear(): void
  push(key: number, value: number): void
  /** Key of the first value, Infinity when empty. */
  peekKey(): number
  /** Takes the first value out, −1 when empty. */
  pop(): number
}

/** Binary heap over two flat arrays, so that pushing allocates nothing but growth. */
export function binaryHeap(capacity = 1024): BinaryHeap {
  let keys = new Float64Array(capacity)
  let values = new Int32Array(capacity)
  let size = 0
  return {
    get size() {
      return size
    },
    clear: () => void (size = 0),
    peekKey: () => (size === 0 ? Infinity : keys[0]!),
    push(key, value) {
      if (size === keys.length) {
        const [oldKeys, oldValues] = [keys, values]
        keys = new Float64Array(size * 2)
        values = new Int32Array(size * 2)
        keys.set(oldKeys)
        values.set(oldValues)
      }
      let i = size++
      while (i > 0) {
        const parent = (i - 1) >> 1
        if (keys[parent]! <= key) break
        keys[i] = keys[parent]!
        values[i] = values[parent]!
        i = parent
      }
      keys[i] = key
      values[i] = value
    },
    pop() {
      if (size === 0) return -1
      const first = values[0]!
      size -= 1
      const [key, value] = [keys[size]!, values[size]!]
      let i = 0
      for (let child = 1; child < size; child = 2 * i + 1) {
        if (child + 1 < size && keys[child + 1]! < keys[child]!) child += 1
        if (keys[child]! >= key) break
        keys[i] = keys[child]!
        values[i] = values[child]!
        i = child
      }
      keys[i] = key
      values[i] = value
      return first
    },
  }
}
