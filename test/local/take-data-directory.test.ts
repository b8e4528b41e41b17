import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'
import { announceEndpoint } from '../../local/endpoint-file.ts'
import { takeDataDirectory } from '../../local/take-data-directory.ts'

let dir = ''
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'telltale-take-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('takeDataDirectory', () => {
  it('refuses at once while a box is up, and waits for one that is not', async () => {
    const unlock = await takeDataDirectory(dir)
    const forget = announceEndpoint(dir, { url: '', mqtt: '', pid: process.pid })
    await expect(takeDataDirectory(dir)).rejects.toThrow('is in use by process')
    forget()
    await expect(takeDataDirectory(dir, 150)).rejects.toThrow('is in use by process')
    const next = takeDataDirectory(dir)
    unlock()
    ;(await next)()
  })

  it('lets a box start while the one before it still ends', async () => {
    const start = (): Promise<Box> =>
      startBox({ ...boxDefaults, dir, mqttPort: 0, httpsPort: 0, httpPort: 0, notifiers: [], version: '0', log: () => undefined }) // prettier-ignore
    const first = await start()
    const [second] = await Promise.all([(async () => (await sleepless(), start()))(), first.close()])
    expect((await fetch(`${second.url}/v1/health`, { headers: { authorization: `Bearer ${second.token}` } })).status).toBe(200) // prettier-ignore
    await second.close()
  })
})

/** Lets `close` begin. */
const sleepless = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
