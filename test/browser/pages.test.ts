import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage, type View } from './support/browser.ts'
import { startedBox, type StartedBox } from './support/started-box.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const pages: readonly (readonly [hash: string, title: string, shows: string])[] = [
  ['#/', 'Overview', 'Live devices'],
  ['#/alarms', 'Alarms', 'above its limit'],
  ['#/alarms/detect-high%2Fmotor-1%2Ftemperature', 'Alarms', 'Occurrences'],
  ['#/sites', 'Sites', 'Hall north'],
  ['#/device/motor-1', 'motor-1', 'temperature'],
  ['#/device/motor-1?last=86400000', 'motor-1', 'windows'],
  ['#/device/motor-2', 'motor-2', 'has not sent a reading yet'],
  ['#/maintenance', 'Maintenance', 'No machine has been assessed yet'],
  ['#/fleet', 'Fleet', 'van-1'],
  ['#/fleet/van-1', 'Fleet', 'Trips of the last two days'],
  ['#/buildings', 'Buildings', 'zone-1'],
  ['#/devices', 'Devices', 'motor-2'],
  ['#/devices?tab=types', 'Devices', 'Device types'],
  ['#/quarantine', 'Quarantine', 'bad_json'],
  ['#/settings', 'Settings', 'Audit log'],
  ['#/nowhere', 'Nothing here', 'no page at this address'],
]

const views: readonly (readonly [name: string, view: View])[] = [
  ['dark', { colorScheme: 'dark' }],
  ['light', { colorScheme: 'light' }],
  ['on a phone', { width: 390, height: 844, colorScheme: 'light' }],
]

interface Violation {
  id: string
  nodes: { html: string; failureSummary: string }[]
}

describe('every page', () => {
  let started: StartedBox
  let browser: Browser
  beforeAll(async () => {
    started = await startedBox()
    const motor = await started.device('plant', 'motor', 'motor-1', 'Hall north')
    const now = Date.now()
    await motor.publish({ at: now - 300_000, step: 1000, measures: { temperature: Array.from({ length: 290 }, (_, i) => 60 + (i % 7)), vibration: Array.from({ length: 290 }, (_, i) => 2 + (i % 5) / 10) } }) // prettier-ignore
    await motor.publish({ measures: { temperature: 97 } })
    await motor.publishText('{"measures": {"temperature": 20')
    const van = await started.device('fleet', 'van', 'van-1', 'Depot')
    await van.publish({ measures: { latitude: 43.73, longitude: 7.42, speed: 31, fuelLevel: 64 } })
    const zone = await started.device('building', 'zone', 'zone-1', 'Office')
    await zone.publish({ measures: { temperature: 21.5, humidity: 44, co2: 640 } })
    await started.box.devices.put({ thing: 'motor-2', trade: 'plant', type: 'motor', site: 'Hall north', status: 'active', attributes: { serial: 'A-2' } }, 'test') // prettier-ignore
    await started.box.settled()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await started.close()
  })

  it.each(views)(
    'renders without an error, is accessible and stays on this machine, %s',
    { timeout: 90_000 },
    async (_, view) => {
      const { page, faults, go } = await openPage(browser, started.box, view)
      const found: string[] = []
      for (const [hash, title, shows] of pages) {
        await go(hash)
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        await page.locator('main').getByText(shows).filter({ visible: true }).first().waitFor()
        // axe is put into the page by the test, not by a script tag: the page's own policy takes none.
        await page.evaluate(axe)
        const violations = await page.evaluate(
          async () =>
            (
              await (
                globalThis as unknown as {
                  axe: { run(options: object): Promise<{ violations: Violation[] }> }
                }
              ).axe.run({ resultTypes: ['violations'] })
            ).violations,
        )
        for (const { id, nodes } of violations)
          found.push(`${hash} ${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
        const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        if (wider > 0) found.push(`${hash} is ${wider} px wider than the screen`)
      }
      expect(found).toEqual([])
      expect(faults).toEqual([])
      await page.context().close()
    },
  )

  it('asks for a token where there is none, and refuses a wrong one with a remedy', async () => {
    const page = await browser.newPage()
    await page.goto(started.box.url)
    await page.getByLabel('Token').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('Sign in again').waitFor()
    await page.getByLabel('Token').fill(started.box.token)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    expect(page.url()).not.toContain(started.box.token)
    await page.close()
  })

  it('keeps range and filter in the address', async () => {
    const { page, go } = await openPage(browser, started.box)
    await go('#/device/motor-1')
    await page.getByRole('button', { name: '1 h', exact: true }).click()
    expect(page.url()).toContain('last=3600000')
    await page.getByRole('application').first().focus()
    await page.keyboard.press('+')
    expect(page.url()).toContain('last=1800000')
    await page.keyboard.press('ArrowLeft')
    expect(page.url()).toMatch(/from=\d+&to=\d+/)
    await page.reload()
    expect(await page.getByRole('button', { name: 'Back to now' }).isEnabled()).toBe(true)
    await page.context().close()
  })
})
