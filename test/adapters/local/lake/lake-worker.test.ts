import { describe, expect, it } from 'vitest'
import { hire } from '../../../../src/adapters/local/lake/lake-worker.ts'

/** Processes that say how large they have become; a dead one answers nothing. */
function processes(...peaks: (number | null)[]) {
  const ended: number[] = []
  let started = 0
  const start = () => {
    const n = started++
    return {
      n,
      usage: async () => {
        const peakMb = peaks[n]
        if (peakMb === null || peakMb === undefined) throw new Error('the lake process ended (SIGKILL)')
        return { cpuSeconds: 2, peakMb }
      },
      end: async () => void ended.push(n),
    }
  }
  return { start, ended }
}

describe('hire', () => {
  it('replaces a process that has grown, and counts what all of them used', async () => {
    const { start, ended } = processes(450, 200)
    const worker = hire(start)
    expect((await worker.fresh()).n).toBe(1)
    expect((await worker.fresh()).n).toBe(1)
    expect(ended).toEqual([0])
    expect(await worker.usage()).toEqual({ cpuSeconds: 4, peakMb: 450 })
  })

  it('replaces one that died, of which nothing is known', async () => {
    const { start } = processes(null, 150)
    const worker = hire(start)
    expect((await worker.fresh()).n).toBe(1)
    expect(await worker.usage()).toEqual({ cpuSeconds: 2, peakMb: 150 })
  })
})
