// A queue on disk for readings that could not be sent yet. Lines go to numbered segment files, synced before they count
// as taken; a line is forgotten only once it was acknowledged. A crash or a power cut may repeat lines (the platform
// takes a reading once, whatever comes twice) and never loses one: half a line at the end of a file is what was being
// written when the power went, and was not taken yet.
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

const SEGMENT_BYTES = 4 * 1024 * 1024

/**
 * @param {string} dir
 * @param {{ mostBytes?: number, segmentBytes?: number }} [options] Beyond `mostBytes` `take` throws: a full disk helps nobody.
 */
export function openDiskBuffer(dir, { mostBytes = 1024 * 1024 * 1024, segmentBytes = SEGMENT_BYTES } = {}) {
  mkdirSync(dir, { recursive: true })
  const pathOf = (number) => join(dir, `${String(number).padStart(10, '0')}.lines`)
  const ackFile = join(dir, 'acknowledged.json')
  const numbers = readdirSync(dir)
    .filter((name) => name.endsWith('.lines'))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b)

  /** The first line that was not acknowledged: segment and byte. */
  let head = readAck()
  let writing = numbers.at(-1) ?? head.segment
  if (writing < head.segment) writing = head.segment
  let file = openSync(pathOf(writing), 'a+')
  let size = repair(file)
  let bytes = numbers.reduce(
    (sum, number) => sum + (existsSync(pathOf(number)) ? statSync(pathOf(number)).size : 0),
    0,
  )
  let cached = null
  let oldest = numbers[0] ?? head.segment

  function readAck() {
    try {
      return JSON.parse(readFileSync(ackFile, 'utf8'))
    } catch {
      return { segment: numbers[0] ?? 0, at: 0 }
    }
  }

  /** Cuts off half a line that a power cut left. */
  function repair(fd) {
    const text = readFileSync(pathOf(writing))
    const end = text.lastIndexOf(10) + 1
    if (end < text.length) ftruncateSync(fd, end)
    return end
  }

  function syncDir() {
    const fd = openSync(dir, 'r')
    fsyncSync(fd)
    closeSync(fd)
  }

  function rotate() {
    closeSync(file)
    writing++
    file = openSync(pathOf(writing), 'a+')
    size = 0
    syncDir()
  }
  syncDir()
  // The power may have gone between the note of what was acknowledged and the files' end.
  dropBefore(head.segment)

  return {
    /** On disk when it returns. */
    take(lines) {
      const text = Buffer.from(lines.map((line) => `${line}\n`).join(''))
      if (bytes + text.length > mostBytes)
        throw new Error(`${bytes} bytes wait, more than ${mostBytes} are not kept`)
      if (size > 0 && size + text.length > segmentBytes) rotate()
      try {
        for (let at = 0; at < text.length;) at += writeSync(file, text, at)
        fsyncSync(file)
      } catch (error) {
        // A full disk takes a part: half a line would swallow the next one.
        ftruncateSync(file, size)
        throw error
      }
      size += text.length
      bytes += text.length
    },
    /** The oldest lines that wait, with what to give to `forget` once they were acknowledged. */
    peek(most) {
      head = beyondEnds(head)
      if (head.segment === writing && head.at >= size) return null
      if (cached?.segment !== head.segment || !cached.isWhole)
        cached = {
          segment: head.segment,
          text: readFileSync(pathOf(head.segment)),
          isWhole: head.segment < writing,
        }
      const lines = []
      let at = head.at
      while (lines.length < most) {
        const end = cached.text.indexOf(10, at)
        if (end < 0) break
        lines.push(cached.text.toString('utf8', at, end))
        at = end + 1
      }
      return lines.length === 0 ? null : { lines, mark: { segment: head.segment, at } }
    },
    forget(mark) {
      head = beyondEnds(mark)
      const draft = `${ackFile}.new`
      const fd = openSync(draft, 'w')
      writeSync(fd, JSON.stringify(head))
      fsyncSync(fd)
      closeSync(fd)
      renameSync(draft, ackFile)
      syncDir()
      dropBefore(head.segment)
    },
    close() {
      closeSync(file)
    },
  }

  /** The same place, in the next segment where its own has no more. */
  function beyondEnds({ segment, at }) {
    while (segment < writing && (!existsSync(pathOf(segment)) || at >= statSync(pathOf(segment)).size)) {
      segment++
      at = 0
    }
    return { segment, at }
  }

  function dropBefore(segment) {
    for (; oldest < segment; oldest++) {
      if (!existsSync(pathOf(oldest))) continue
      bytes -= statSync(pathOf(oldest)).size
      unlinkSync(pathOf(oldest))
    }
  }
}
