import { execFileSync, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

/** The same questions to VictoriaMetrics where Debian's package is installed; null where it is not. */
export async function victoriaMetrics({
  root,
  rounds,
}: {
  root: string
  rounds: number
}): Promise<Record<string, number> | null> {
  try {
    execFileSync('sh', ['-c', 'command -v victoria-metrics'], { stdio: 'ignore' })
  } catch {
    return null
  }
  const dir = `${root}victoria`
  rmSync(dir, { recursive: true, force: true })
  const port = 18_428
  const child = spawn(
    'victoria-metrics',
    [`-storageDataPath=${dir}`, `-httpListenAddr=127.0.0.1:${port}`, '-retentionPeriod=100y'],
    { stdio: 'ignore' },
  )
  const url = `http://127.0.0.1:${port}`
  try {
    for (let i = 0; i < 100; i++) {
      const up = await fetch(`${url}/health`).then(
        (r) => r.ok,
        () => false,
      )
      if (up) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const now = Date.now()
    const DEVICES = 10_000
    // The live hour of 10,000 devices, one series each: 2 M readings.
    for (let d = 0; d < DEVICES; d += 50) {
      let lines = ''
      for (let k = d; k < d + 50; k++)
        for (let i = 0; i < 200; i++)
          lines += `m,device=d${k} value=${(20 + Math.sin(i / 20 + k)).toFixed(2)} ${(now - 3_600_000 + i * 18_000) * 1_000_000}\n`
      await fetch(`${url}/write`, { method: 'POST', body: lines })
    }
    await fetch(`${url}/internal/force_flush`)
    const p50 = async (path: (k: number) => string): Promise<number> => {
      const took: number[] = []
      for (let k = 0; k < rounds; k++) {
        const start = performance.now()
        await (await fetch(url + path(k))).text()
        took.push(performance.now() - start)
      }
      return Math.round(took.sort((a, b) => a - b)[Math.floor(took.length / 2)]! * 100) / 100
    }
    const lastHourMs = await p50((k) => `/api/v1/export?match[]=m_value{device="d${(k * 7919) % DEVICES}"}`)
    const latestMs = await p50(
      () => `/api/v1/query?query=last_over_time(m_value[1h])&time=${Math.floor(now / 1000)}&nocache=1`,
    )
    return { lastHourMs, latestMs }
  } finally {
    child.kill()
    await new Promise((resolve) => child.once('exit', resolve))
  }
}
