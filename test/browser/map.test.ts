import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from './support/browser.ts'
import { startedBox, type StartedBox } from './support/started-box.ts'

const VEHICLES = 5000
const SOME = 3

/** Around Monaco, all of them driving north for a minute a round: some pixels, so that the map draws them on the way. */
const placeOf = (i: number, round: number) => ({
  latitude: 43.735 + 0.4 * Math.sin(i * 2.4) * Math.sqrt(i / VEHICLES) + round * 0.0054,
  longitude: 7.42 + 0.5 * Math.cos(i * 2.4) * Math.sqrt(i / VEHICLES),
  speed: 36,
})
const nameOf = (i: number): string => `van-${String(i).padStart(4, '0')}`

describe('the map of a fleet', () => {
  let started: StartedBox
  let browser: Browser
  const drive = async (round: number, at: number): Promise<void> => {
    const { box } = started
    await Promise.all(
      Array.from(
        { length: VEHICLES },
        async (_, i) =>
        box.submit({ topic: `dt/fleet/${nameOf(i)}/telemetry`, client: nameOf(i), receivedAt: Date.now(), payload: new TextEncoder().encode(JSON.stringify({ at, measures: placeOf(i, round) })) }), // prettier-ignore
      ),
    )
    await box.settled()
  }
  beforeAll(async () => {
    ;[started, browser] = await Promise.all([startedBox(), openBrowser({ gl: true })])
    await Promise.all(Array.from({ length: VEHICLES }, async (_, i) => started.box.devices.put({ thing: nameOf(i), trade: 'fleet', type: 'van', site: 'Depot', status: 'active', attributes: {} }, 'test'))) // prettier-ignore
    await drive(0, Date.now() - 120_000)
    await drive(1, Date.now() - 60_000)
  })
  afterAll(async () => {
    await browser.close()
    await started.close()
  })

  it('shows 5,000 moving vehicles in clusters on the roads of the box, and each of them closer', async () => {
    const { page, faults, go } = await openPage(browser, started.box)
    const tiles: number[] = []
    page.on('response', (response) => {
      if (response.url().includes('/v1/map/roads/')) tiles.push(response.status())
    })
    await go('#/fleet')
    const vehicles = page.locator('canvas.vehicles')
    await page.locator(`canvas.vehicles[data-shown="${VEHICLES}"]`).waitFor()
    expect(Number(await vehicles.getAttribute('data-marks'))).toBeLessThan(400)
    await page.getByText('© OpenStreetMap contributors').waitFor()
    await page.locator('.tile').filter({ hasText: 'Moving' }).getByText('5,000').waitFor()

    // They move: news come, and the same vehicles are drawn elsewhere.
    const picture = async (): Promise<string> => vehicles.evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL()) // prettier-ignore
    const before = await picture()
    await drive(2, Date.now())
    await expect.poll(picture).not.toBe(before)

    // A cluster opens to a closer look, down to one vehicle, which opens its page.
    const map = page.locator('.map')
    const { width = 0, height = 0 } = (await map.boundingBox()) ?? {}
    const marks = Number(await vehicles.getAttribute('data-marks'))
    await map.click({ position: { x: width / 2, y: height / 2 } })
    await expect.poll(async () => Number(await vehicles.getAttribute('data-shown'))).toBeLessThan(VEHICLES)
    expect(Number(await vehicles.getAttribute('data-marks'))).not.toBe(marks)
    await go(`#/fleet/${nameOf(SOME)}`)
    await page.getByText(/^[1-9]\d* km\/h$/).waitFor()
    await page.getByText(/43\.7\d+, 7\.4\d+/).waitFor()
    await expect.poll(() => tiles.filter((status) => status === 200).length).toBeGreaterThan(0)
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('says so where the browser draws no maps, and the list does what the map does', async () => {
    const { page, go } = await openPage(browser, started.box)
    await page.addInitScript('HTMLCanvasElement.prototype.getContext = () => null')
    await page.reload()
    await go('#/fleet')
    await page.getByText('The map cannot be drawn').waitFor()
    await page.getByLabel('Find a vehicle').fill(nameOf(7))
    await page.getByRole('link', { name: nameOf(7) }).click()
    await page.getByText('Trips of the last two days').waitFor()
    await page.context().close()
  })
})
