export interface Progress {
  /** Shows the line in place of the last one. */
  show(line: string): void
  /** Takes the line away. */
  done(): void
}

const EVERY_MS = 100

/** Progress of long work, on a terminal's standard error only: pipes and logs stay clean. */
export function progress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let shownAt = -EVERY_MS
  let shown = false
  if (!stream.isTTY) return { show: () => {}, done: () => {} }
  return {
    show: (line) => {
      const now = performance.now()
      if (now - shownAt < EVERY_MS) return
      shownAt = now
      shown = true
      stream.write(`\r\u001B[2K${line.slice(0, (stream.columns || 80) - 1)}`)
    },
    done: () => {
      if (shown) stream.write('\r\u001B[2K')
      shown = false
    },
  }
}
