import { appendFileSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

interface DiskBuffer {
  take(lines: readonly string[]): void
  peek(most: number): { lines: string[]; mark: object } | null
  forget(mark: object): void
  close(): void
}
// Examples are plain JavaScript for whoever copies them, and carry no types.
const file = new URL('../../examples/devices/gateway/disk-buffer.mjs', import.meta.url).href
const { openDiskBuffer } = (await import(file)) as {
  openDiskBuffer(dir: string, options?: { mostBytes?: number; segmentBytes?: number }): DiskBuffer
}

const SEGMENT_BYTES = 60

/** Runs on a buffer in a folder of its own. */
function withFolder(run: (dir: string) => void): void {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-buffer-'))
  try {
    run(dir)
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const open = (dir: string): DiskBuffer => openDiskBuffer(dir, { segmentBytes: SEGMENT_BYTES })
const segments = (dir: string): string[] => readdirSync(dir).filter((name) => name.endsWith('.lines')).sort() // prettier-ignore

/** All that waits, in pieces of this many lines. */
function drain(buffer: DiskBuffer, most: number): string[] {
  const lines: string[] = []
  for (let found = buffer.peek(most); found !== null; found = buffer.peek(most)) {
    lines.push(...found.lines)
    buffer.forget(found.mark)
  }
  return lines
}

const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\n', ' ')), { minLength: 1, maxLength: 5 }) // prettier-ignore
const step = fc.oneof(
  fc.record({ kind: fc.constant('take' as const), texts }),
  fc.record({ kind: fc.constant('peek' as const), most: fc.nat(5).map((n) => n + 1) }),
  fc.record({ kind: fc.constant('send' as const), most: fc.nat(5).map((n) => n + 1), isCutShort: fc.boolean() }), // prettier-ignore
  fc.record({ kind: fc.constant('crash' as const), texts, at: fc.double({ min: 0, max: 1, noNaN: true }) }),
)

describe('openDiskBuffer', () => {
  it('gives every line that was taken once and in order, wherever the power goes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) =>
        withFolder((dir) => {
          let buffer = open(dir)
          let waiting: string[] = []
          let n = 0
          const numbered = (given: string[]): string[] => given.map((text) => `${n++} ${text}`)
          for (const one of steps) {
            if (one.kind === 'take') {
              const lines = numbered(one.texts)
              buffer.take(lines)
              waiting.push(...lines)
            } else if (one.kind === 'crash') {
              // A write that was under way: any number of its bytes, and no answer to whoever gave the lines.
              const bytes = Buffer.from(numbered(one.texts).map((line) => `${line}\n`).join('')) // prettier-ignore
              const written = bytes.subarray(0, Math.round(one.at * bytes.length))
              buffer.close()
              appendFileSync(join(dir, segments(dir).at(-1)!), written)
              waiting.push(...written.subarray(0, written.lastIndexOf(10) + 1).toString().split('\n').slice(0, -1)) // prettier-ignore
              buffer = open(dir)
            } else {
              const found = buffer.peek(one.most)
              expect(found?.lines ?? []).toEqual(waiting.slice(0, found?.lines.length ?? 0))
              expect(found === null).toBe(waiting.length === 0)
              if (found === null || one.kind === 'peek') continue
              const before = segments(dir)
              for (const name of before) copyFileSync(join(dir, name), join(dir, `${name}.kept`))
              buffer.forget(found.mark)
              waiting = waiting.slice(found.lines.length)
              // The power goes after the note of what was acknowledged, before the files go.
              if (one.isCutShort) {
                buffer.close()
                for (const name of before) copyFileSync(join(dir, `${name}.kept`), join(dir, name))
                buffer = open(dir)
              }
            }
          }
          expect(drain(buffer, 3)).toEqual(waiting)
          expect(segments(dir).length).toBeLessThanOrEqual(1)
          buffer.close()
        }),
      ),
      { numRuns: 150 },
    )
  })

  it('holds a whole prefix, whichever byte its last file is cut at', () => {
    fc.assert(
      fc.property(texts, fc.double({ min: 0, max: 1, noNaN: true }), (given, at) =>
        withFolder((dir) => {
          const whole = Buffer.from(given.map((line) => `${line}\n`).join(''))
          const cut = whole.subarray(0, Math.round(at * whole.length))
          appendFileSync(join(dir, '0000000000.lines'), cut)
          const buffer = open(dir)
          const kept = given.filter((_, i) => Buffer.byteLength(given.slice(0, i + 1).join('\n')) + 1 <= cut.length) // prettier-ignore
          buffer.take(['after'])
          expect(drain(buffer, 2)).toEqual([...kept, 'after'])
          buffer.close()
        }),
      ),
    )
  })

  it('takes no more than it may keep, and takes again once something was acknowledged', () =>
    withFolder((dir) => {
      const buffer = openDiskBuffer(dir, { segmentBytes: 10, mostBytes: 30 })
      for (const line of ['one', 'two', 'three', 'four', 'five']) buffer.take([line])
      expect(() => buffer.take(['something longer'])).toThrow('are not kept')
      expect(drain(buffer, 1)).toEqual(['one', 'two', 'three', 'four', 'five'])
      buffer.take(['something longer'])
      expect(drain(buffer, 1)).toEqual(['something longer'])
      buffer.close()
      expect(existsSync(join(dir, 'acknowledged.json'))).toBe(true)
    }))
})
