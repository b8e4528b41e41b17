import { spawnSync, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serveInflux } from './influx-stand-in.ts'

const PORT = 8086

/**
 * No emulator has Timestream, so functions use an InfluxDB: a real one (Debian's package influxdb) where it is installed,
 * and otherwise a stand-in that is held to the answers recorded from a real one (test/aws/influx-stand-in.test.ts).
 */
export async function startHotStore(
  work: string,
  background: (command: string, args: string[], name: string) => ChildProcess,
): Promise<ChildProcess[]> {
  if (spawnSync('influxd', ['version'], { stdio: 'ignore' }).error) {
    await serveInflux(PORT)
    console.log('test:aws: the hot store is a stand-in; with influxd installed it would be a real InfluxDB')
    return []
  }
  const config = join(work, 'influxdb.conf')
  writeFileSync(
    config,
    `reporting-disabled = true\nbind-address = "127.0.0.1:8088"\n[meta]\ndir = "${work}/meta"\n[data]\ndir = "${work}/data"\nwal-dir = "${work}/wal"\n[http]\nbind-address = "127.0.0.1:${PORT}"\n`,
  )
  const influxd = background('influxd', ['-config', config], 'influxd')
  const create = async (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${PORT}/query?q=CREATE%20DATABASE%20telltale`, { method: 'POST' }).then(
      (r) => r.ok,
      () => false,
    )
  for (let waited = 0; !(await create()); waited += 250) {
    if (waited > 30_000 || influxd.exitCode !== null) throw new Error('influxd does not answer')
    await sleep(250)
  }
  console.log('test:aws: the hot store is influxd')
  return [influxd]
}
