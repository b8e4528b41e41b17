import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerForJobs } from './support/answers.ts'
import { openBrowser, openPage, type View, type WatchedPage } from './support/browser.ts'
import { startedBox, type StartedBox } from './support/started-box.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Visit = readonly [hash: string, title: string, shows: string]

const pages: readonly Visit[] = [
  ['#/', 'Overview', 'Live devices'],
  ['#/alarms', 'Alarms', 'above its limit'],
  ['#/alarms/detect-high%2Fmotor-1%2Ftemperature', 'Alarms', 'Occurrences'],
  ['#/sites', 'Sites', 'Hall north'],
  ['#/reports', 'Reports', 'Plant report'],
  ['#/reports/plant-2026-11-16', 'Reports', 'Machines with alarms'],
  ['#/device/motor-1', 'motor-1', 'temperature'],
  ['#/device/motor-1?last=86400000', 'motor-1', 'windows'],
  [`#/device/${'a-rather-long-name-'.repeat(6)}1`, `${'a-rather-long-name-'.repeat(6)}1`, 'has not sent a reading yet'], // prettier-ignore
  ['#/maintenance', 'Maintenance', 'Replace the drive end bearing'],
  ['#/fleet', 'Fleet', 'van-1'],
  ['#/fleet/van-1', 'Fleet', 'Trips of the last two days'],
  ['#/buildings', 'Buildings', 'saves 14 %, at least 11 %'],
  ['#/buildings?again', 'Buildings', 'attic is left to its own schedule'],
  ['#/devices', 'Devices', 'a-rather-long-name-'],
  ['#/devices?tab=types', 'Devices', 'Device types'],
  ['#/devices?tab=jobs', 'Devices', 'Nothing has been rolled out yet'],
  ['#/devices?tab=joining', 'Devices', 'No template yet'],
  ['#/quarantine', 'Quarantine', 'bad_json'],
  ['#/settings', 'Settings', 'The platform is at its best'],
  ['#/settings?tab=people', 'Settings', 'Nobody signs in with a name yet'],
  ['#/settings?tab=retention', 'Settings', 'What would go now'],
  ['#/settings?tab=data', 'Settings', 'Readings out'],
  ['#/settings?tab=audit', 'Settings', 'report.make'],
  ['#/nowhere', 'Nothing here', 'no page at this address'],
]

/** What each page says to somebody who has just started. */
const emptyPages: readonly Visit[] = [
  ['#/', 'Overview', 'No device is registered yet'],
  ['#/alarms', 'Alarms', 'No alarm matches'],
  ['#/sites', 'Sites', 'No device is registered yet'],
  ['#/reports', 'Reports', 'No week is over yet'],
  ['#/device/nobody', 'nobody', 'It may have been removed'],
  ['#/maintenance', 'Maintenance', 'No machine is registered yet'],
  ['#/fleet', 'Fleet', 'No vehicle is registered yet'],
  ['#/buildings', 'Buildings', 'No building is connected yet'],
  ['#/devices', 'Devices', 'Add a type first'],
  ['#/devices?tab=types', 'Devices', 'There is no type yet'],
  ['#/quarantine', 'Quarantine', 'No refused record waits'],
]

const views: readonly (readonly [name: string, view: View])[] = [
  ['dark', { colorScheme: 'dark' }],
  ['light', { colorScheme: 'light' }],
  ['on a phone over a slow line', { width: 390, height: 844, colorScheme: 'light', slow: true }],
]

interface Violation {
  id: string
  nodes: { html: string; failureSummary: string }[]
}

/** What is wrong with the page as it stands: axe’s rules, and what sticks out of the screen. */
async function wrongWith(page: Page): Promise<string[]> {
  // axe is put into the page by the test, not by a script tag: the page's own policy takes none.
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe)
  const violations = await page.evaluate<Violation[]>(`axe.run({ resultTypes: ['violations'] }).then((found) => found.violations)`) // prettier-ignore
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
  const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  return wider > 0 ? [...found, `${wider} px wider than the screen`] : found
}

/** Web Vitals call a cumulative layout shift up to 0.1 good. */
const GOOD_SHIFT = 0.1

async function visit({ page, go, shifted }: WatchedPage, visits: readonly Visit[]): Promise<string[]> {
  const found: string[] = []
  for (const [hash, title, shows] of visits) {
    await shifted()
    await go(hash)
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
    await page.locator('main').getByText(shows).filter({ visible: true }).first().waitFor()
    const shifts = await shifted()
    const moved = shifts.reduce((sum, { score }) => sum + score, 0)
    if (moved > GOOD_SHIFT) found.push(`${hash} jumps by ${moved.toFixed(3)}: ${shifts.map(({ what }) => what).join('; ')}`) // prettier-ignore
    found.push(...(await wrongWith(page)).map((fault) => `${hash} ${fault}`))
  }
  return found
}

describe('every page', () => {
  let started: StartedBox
  let browser: Browser
  beforeAll(async () => {
    started = await startedBox()
    const { box } = started
    const motor = await started.device('plant', 'motor', 'motor-1', 'Hall north')
    const now = Date.now()
    await motor.publish({ at: now - 300_000, step: 1000, measures: { temperature: Array.from({ length: 290 }, (_, i) => 60 + (i % 7)), vibration: Array.from({ length: 290 }, (_, i) => 2 + (i % 5) / 10) } }) // prettier-ignore
    await motor.publish({ measures: { temperature: 97, current: 70 } })
    await motor.publishText('{"measures": {"temperature": 20')
    const van = await started.device('fleet', 'van', 'van-1', 'Depot')
    await van.publish({ measures: { latitude: 43.73, longitude: 7.42, speed: 31, fuelLevel: 64 } })
    const zone = await started.device('building', 'zone', 'zone-1', 'Office')
    await zone.publish({ measures: { temperature: 21.5, humidity: 44, co2: 640 } })
    await box.devices.put({ thing: `${'a-rather-long-name-'.repeat(6)}1`, trade: 'plant', type: 'motor', site: 'Halle Ost, Linie 3, Galvanik und Oberflächen', status: 'active', attributes: { serial: 'A-2' } }, 'test') // prettier-ignore
    await box.settled()
    await fetch(`${box.url}/v1/reports`, { method: 'POST', headers: { authorization: `Bearer ${box.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ trade: 'plant', firstDay: '2026-11-16' }) }) // prettier-ignore
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await started.close()
  })

  it.each(views)(
    'renders without an error, stands still, is accessible and stays on this machine, %s',
    async (_, view) => {
      const watched = await openPage(browser, started.box, view)
      await answerForJobs(watched.page)
      expect(await visit(watched, pages)).toEqual([])
      expect(watched.faults).toEqual([])
      await watched.page.context().close()
    },
  )

  it('says on a phone how bad each alarm is, and opens one beside the list as it was filtered', async () => {
    const { page, go, faults } = await openPage(browser, started.box, { width: 390, height: 844 })
    await go('#/alarms?state=all&severity=minor')
    await page.getByRole('cell', { name: 'minor', exact: true }).first().waitFor() // silence is another, on a slow machine
    await page.getByRole('link', { name: /current is 70 A/ }).click()
    await page.getByText('Occurrences').waitFor()
    expect(page.url()).toContain('?state=all&severity=minor')
    await page.getByRole('link', { name: 'Close the details' }).click()
    await page.getByText('Occurrences').waitFor({ state: 'detached' })
    expect(page.url()).toContain('#/alarms?state=all&severity=minor')
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('asks for a token where there is none, and refuses a wrong one with a remedy', async () => {
    const page = await browser.newPage()
    await page.goto(started.box.url)
    await page.getByLabel('Token').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('Sign in again').waitFor()
    expect(await wrongWith(page)).toEqual([])
    await page.getByLabel('Token').fill(started.box.token)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    expect(page.url()).not.toContain(started.box.token)
    await page.close()
  })

  it('keeps range and filter in the address, from seconds to years', async () => {
    const { page, go } = await openPage(browser, started.box)
    await go('#/device/motor-1')
    await page.getByRole('button', { name: '1 h', exact: true }).click()
    await page.waitForURL(/last=3600000/)
    await page.getByRole('application').first().focus()
    await page.keyboard.press('+')
    await page.waitForURL(/last=1800000/)
    await page.keyboard.press('ArrowLeft')
    await page.waitForURL(/from=\d+&to=\d+/)
    await page.reload()
    expect(await page.getByRole('button', { name: 'Back to now' }).isEnabled()).toBe(true)
    await page.getByRole('button', { name: '1 min', exact: true }).click()
    await page.getByText(/from readings/).waitFor()
    await page.getByRole('button', { name: '5 y', exact: true }).click()
    await page.getByText(/from .* windows/).waitFor()
    await page.context().close()
  })
})

describe('a box without a device', () => {
  let started: StartedBox
  let browser: Browser
  beforeAll(async () => {
    ;[started, browser] = await Promise.all([startedBox({ empty: true }), openBrowser()])
  })
  afterAll(async () => {
    await browser.close()
    await started.close()
  })

  it('says on every page what to do', async () => {
    const watched = await openPage(browser, started.box)
    expect(await visit(watched, emptyPages)).toEqual([])
    expect(watched.faults.filter((fault) => !fault.includes('/v1/devices/nobody'))).toEqual([])
    await watched.page.context().close()
  })
})
