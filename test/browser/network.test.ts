import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from './support/browser.ts'
import { startedBox, type StartedBox } from './support/started-box.ts'

describe('the connection', () => {
  let started: StartedBox
  let browser: Browser
  beforeAll(async () => {
    ;[started, browser] = await Promise.all([startedBox(), openBrowser()])
  })
  afterAll(async () => {
    await browser.close()
    await started.close()
  })

  it('may break: the page says so, keeps what it shows, and goes on by itself', async () => {
    const motor = await started.device('plant', 'motor', 'motor-1', 'Hall north')
    await motor.publish({ measures: { temperature: 51.5 } })
    const { page, go } = await openPage(browser, started.box)
    await go('#/device/motor-1')
    await page.getByRole('application', { name: /temperature: 51.5 °C/ }).waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    // Pages are fetched ahead while the connection is there.
    await expect.poll(async () => page.evaluate('performance.getEntriesByType("resource").some(({ name }) => name.includes("/assets/settings-page"))')).toBe(true) // prettier-ignore
    await page.waitForLoadState('networkidle').catch(() => {})
    await started.restart(async () => {
      await page.getByText('Reconnecting').waitFor()
      await page.getByRole('alert').getByText('the page tries again by itself').first().waitFor() // the frame says it, and the page where it asks for more
      expect(await page.getByRole('application', { name: /temperature: 51.5 °C/ }).isVisible()).toBe(true)
      await page.evaluate('location.hash = "#/settings"')
      await page.getByRole('heading', { name: 'This browser' }).waitFor()
      await page.evaluate('location.hash = "#/device/motor-1"')
    })
    await page.getByText('Live', { exact: true }).waitFor()
    const again = await started.device('plant', 'motor', 'motor-1', 'Hall north')
    await again.publish({ measures: { temperature: 52.5 } })
    await page.getByRole('application', { name: /temperature: 52.5 °C/ }).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.context().close()
  })

  it('may know no stream, as on AWS: the same pages poll', async () => {
    const motor = await started.device('plant', 'motor', 'motor-2', 'Hall north')
    await motor.publish({ measures: { temperature: 31.5 } })
    const { page, go } = await openPage(browser, started.box)
    await page.route('**/v1/live?*', async (route) => route.fulfill({ status: 404, json: { code: 'no_live_stream', title: 'no stream' } })) // prettier-ignore
    await page.reload()
    await go('#/device/motor-2')
    await page.getByText('Polling').waitFor()
    await page.getByRole('application', { name: /temperature: 31.5 °C/ }).waitFor()
    await motor.publish({ measures: { temperature: 32.5 } })
    await page.getByRole('application', { name: /temperature: 32.5 °C/ }).waitFor()
    await page.context().close()
  })
})
