import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from './support/browser.ts'
import { connectDevice, type SimulatedDevice } from './support/device.ts'
import { startedBox, type StartedBox } from './support/started-box.ts'

describe('what people do with the page', () => {
  let started: StartedBox
  let browser: Browser
  let motor: SimulatedDevice
  beforeAll(async () => {
    started = await startedBox()
    motor = await started.device('plant', 'motor', 'motor-1', 'Hall north')
    await motor.publish({ measures: { temperature: 61 } })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await started.close()
  })

  it('shows an alarm from raise to clear, with its acknowledgement and history', async () => {
    const { page, faults, go } = await openPage(browser, started.box)
    await go('#/alarms')
    await page.getByText('No alarm matches').waitFor()
    await motor.publish({ measures: { temperature: 97.4 } })
    await page.getByRole('link', { name: /temperature is 97.4 °C, above its limit of 90/ }).click()
    await page.getByText('at most 90 °C').or(page.getByText('-20 to 90 °C')).waitFor()
    await page.locator('main').getByRole('button', { name: 'Acknowledge', exact: true }).last().click()
    await page.getByLabel('Comment').fill('bearing ordered')
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByText('active, acknowledged').first().waitFor()
    await page
      .getByText(/by box: bearing ordered/)
      .first()
      .waitFor()
    await motor.publish({ measures: { temperature: 60 } })
    await page
      .getByText(/^cleared$/)
      .first()
      .waitFor()
    await go('#/alarms?state=all')
    await page.getByRole('link', { name: /97.4 °C/ }).waitFor()
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('registers a device, gives its key once, and shows its first reading', async () => {
    const { page, faults, go } = await openPage(browser, started.box)
    await go('#/devices')
    await page.getByRole('button', { name: 'Register a device' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('motor-new')
    await dialog.getByLabel('Type').selectOption('motor')
    await dialog.getByLabel('Site').fill('Hall north')
    await dialog.getByRole('button', { name: 'Register', exact: true }).click()
    const text = async (name: string): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        dialog.getByRole('button', { name, exact: true }).click(),
      ])
      return readFileSync(await download.path(), 'utf8')
    }
    const privateKeyPem = await text('motor-new.key.pem')
    const certificatePem = await text('motor-new.cert.pem')
    expect(await text('ca.pem')).toBe(started.box.rootPem)
    await dialog.getByRole('link', { name: 'Watch for its first reading' }).click()
    await page.getByText('This device has not sent a reading yet').waitFor()
    const device = await connectDevice(started.box, 'plant', 'motor-new', { privateKeyPem, certificatePem })
    await device.publish({ measures: { temperature: 42.5 } })
    await page.getByRole('application', { name: /temperature: 42.5 °C/ }).waitFor()
    await device.close()
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('rotates a certificate and revokes the old one', async () => {
    const { page, go } = await openPage(browser, started.box)
    await go('#/devices?text=motor-1')
    await page.getByRole('button', { name: 'Certificates of motor-1' }).click()
    await page.getByRole('button', { name: 'Issue a new certificate' }).click()
    await page.getByText('Download the private key now').waitFor()
    await page.getByRole('button', { name: 'Close without the key' }).click()
    await page.getByRole('button', { name: 'Certificates of motor-1' }).click()
    const revoke = page.getByRole('button', { name: 'Revoke' })
    await revoke.first().waitFor()
    expect(await revoke.count()).toBe(2)
    await revoke.first().click()
    await page.getByRole('group', { name: 'Cut it off?' }).getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('cell', { name: 'revoked' }).waitFor()
    await page.context().close()
  })

  it('mends a refused record and replays it', async () => {
    const other = await started.device('plant', 'motor', 'motor-3', 'Hall north')
    const at = Date.now()
    await other.publishText(`{"at": ${at}, "measures": {"temperature": 33.25`)
    await started.box.settled()
    const { page, faults, go } = await openPage(browser, started.box)
    await go('#/quarantine')
    await page
      .getByRole('row', { name: /motor-3/ })
      .getByRole('link')
      .click()
    await page.getByLabel('Payload').fill(`{"at": ${at}, "measures": {"temperature": 33.25}}`)
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('Sent again as a new record').waitFor()
    await go('#/device/motor-3')
    await page.getByRole('application', { name: /temperature: 33.25 °C/ }).waitFor()
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('orders a device to do something, and sets its desired state', async () => {
    const { page, faults, go } = await openPage(browser, started.box)
    await go('#/device/motor-1')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByLabel('Command', { exact: true }).fill('restart')
    await page.getByRole('button', { name: 'Send' }).click()
    await page
      .getByRole('listitem')
      .filter({ hasText: /^restart/ })
      .waitFor()
    await page.getByLabel('Desired state').fill('{"rate": 2}')
    await page.getByRole('button', { name: 'Set', exact: true }).click()
    await page.getByText('{"rate":2}').first().waitFor()
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('rolls something out, holds it, goes on and ends it', async () => {
    const { page, faults, go } = await openPage(browser, started.box)
    await go('#/devices?tab=jobs')
    await page.getByRole('button', { name: 'Begin a roll-out' }).click()
    await page.getByLabel('Name', { exact: true }).fill('fw-2-4')
    await page.getByLabel('Document').fill('{"firmware": "2.4.0"}')
    await page.getByLabel('Devices of the type').selectOption('motor')
    await page.getByRole('button', { name: 'Begin', exact: true }).click()
    await page.waitForURL(/job=fw-2-4/)
    await page.getByRole('row', { name: /^motor-\S+ waiting/ }).waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'Cancel it' }).click()
    await page
      .getByRole('group', { name: /^End it/ })
      .getByRole('button', { name: 'Cancel it' })
      .click()
    await page.getByRole('row', { name: /^fw-2-4 cancelled/ }).waitFor()
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('registers the devices of a list, after it has said what it would do', async () => {
    const { page, faults, go } = await openPage(browser, started.box)
    await go('#/devices')
    await page.getByRole('button', { name: 'From a list' }).click()
    const buffer = Buffer.from('thing,trade,type\npress-1,plant,motor\npress-2,plant,nothing\n')
    await page.getByLabel('CSV file').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer })
    await page.getByText('Not done yet: 1 new, 0 changed, 0 as they are, 1 refused').waitFor()
    await page.getByText(/^line 3, press-2: /).waitFor()
    await page.getByRole('button', { name: 'Register 1' }).click()
    await page.getByText('Done: 1 new').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
    await page.getByRole('link', { name: 'press-1' }).waitFor()
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('puts a device into a group and takes it out again, and erases it with all that it sent', async () => {
    const spare = await started.device('plant', 'motor', 'motor-9', 'Hall north')
    await spare.publish({ measures: { temperature: 40 } })
    const { page, faults, go } = await openPage(browser, started.box)
    await go('#/devices')
    await page.getByRole('button', { name: 'Edit motor-9' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Put into a group').fill('line-3')
    await dialog.getByRole('button', { name: 'Put into it' }).click()
    await dialog.getByRole('button', { name: 'Take out of line-3' }).click()
    await dialog.getByRole('button', { name: 'Take out of line-3' }).waitFor({ state: 'detached' })
    await dialog.getByRole('button', { name: 'Erase', exact: true }).click()
    await dialog
      .getByRole('group', { name: /erase everything it ever sent/ })
      .getByRole('button', { name: 'Erase' })
      .click()
    await page.getByRole('link', { name: 'motor-9' }).waitFor({ state: 'detached' })
    const answer = await fetch(`${started.box.url}/v1/devices/motor-9`, {
      headers: { authorization: `Bearer ${started.box.token}` },
    })
    expect(answer.status).toBe(404)
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('lets devices join: a template, its list, and a claim that is given once and revoked', async () => {
    const { page, faults, go } = await openPage(browser, started.box)
    await go('#/devices?tab=joining')
    await page.getByRole('button', { name: 'Add a template' }).click()
    await page.getByLabel('Name', { exact: true }).fill('factory')
    await page.getByLabel('Put on its list').fill('SN-1\nSN-2')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Issue a claim' }).click()
    await page.getByLabel('Name', { exact: true }).fill('batch-7')
    await page.getByRole('button', { name: 'Issue', exact: true }).click()
    await page.getByRole('button', { name: 'batch-7.key.pem' }).waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Revoke batch-7' }).click()
    await page
      .getByRole('group', { name: /^No more/ })
      .getByRole('button', { name: 'Revoke' })
      .click()
    await page.getByRole('cell', { name: 'revoked' }).waitFor()
    expect(faults).toEqual([])
    await page.context().close()
  })
})
