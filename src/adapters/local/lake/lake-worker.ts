interface Usage {
  cpuSeconds: number
  peakMb: number
}

interface Process {
  usage(): Promise<Usage>
  end(): Promise<void>
}

/** The process that does a round's work, replaced as often as it must be. */
export interface LakeWorker<P extends Process> {
  readonly process: P
  /** Replaces a process that may have ended, or that holds what a failed piece has left. */
  again(): Promise<void>
  /** One that has room for a piece: the allocator of one that has grown gives little back, so the next would meet the limit. */
  fresh(): Promise<P>
  /** Of all the processes that there were. */
  usage(): Promise<Usage>
}

/** A large piece takes some 250 MB beyond what a fresh process holds (130 MB); 512 MB is the limit. */
const MOST_KEPT_MB = 300

export function hire<P extends Process>(start: () => P): LakeWorker<P> {
  let process = start()
  let before: Usage = { cpuSeconds: 0, peakMb: 0 }

  async function usage(): Promise<Usage> {
    const { cpuSeconds, peakMb } = await process.usage()
    return { cpuSeconds: before.cpuSeconds + cpuSeconds, peakMb: Math.max(before.peakMb, peakMb) }
  }

  async function again(): Promise<void> {
    before = await usage().catch(() => before)
    await process.end()
    process = start()
  }

  return {
    get process() {
      return process
    },
    again,
    fresh: async () => {
      const peakMb = await process.usage().then(
        (used) => used.peakMb,
        () => Infinity, // it died
      )
      if (peakMb > MOST_KEPT_MB) await again()
      return process
    },
    usage,
  }
}
