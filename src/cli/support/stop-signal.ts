/** npm and terminals may deliver one interrupt twice; a second one counts from here on. */
const SAME_INTERRUPT_MS = 400

export interface StopSignal {
  /** Resolves at the first signal to stop. */
  stopped: Promise<void>
  isStopped(): boolean
  dispose(): void
}

/** The first SIGINT or SIGTERM asks to stop; the next one ends the process at once. */
export function listenForStop(onSecond: () => void): StopSignal {
  let first = 0
  let resolve = (): void => {}
  const stopped = new Promise<void>((r) => (resolve = r))
  const onSignal = (): void => {
    const now = performance.now()
    if (first === 0) {
      first = now
      resolve()
    } else if (now - first > SAME_INTERRUPT_MS) onSecond()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    stopped,
    isStopped: () => first > 0,
    dispose: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
