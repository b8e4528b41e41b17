import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from './support/browser.ts'
import { startedBox, type StartedBox } from './support/started-box.ts'

const PASSWORD = 'correct horse battery'

describe('people', () => {
  let started: StartedBox
  let browser: Browser
  beforeAll(async () => {
    ;[started, browser] = await Promise.all([startedBox(), openBrowser()])
    const motor = await started.device('plant', 'motor', 'motor-1', 'Hall north')
    await started.device('plant', 'motor', 'motor-2', 'Hall south')
    await motor.publish({ measures: { temperature: 97 } })
  })
  afterAll(async () => {
    await browser.close()
    await started.close()
  })

  it('are added with a role and sites, sign in with a password, and see and may do no more', async () => {
    const { page, faults, go } = await openPage(browser, started.box)
    await go('#/settings?tab=people')
    await page.getByRole('button', { name: 'Add a person' }).click()
    await page.getByLabel('Name', { exact: true }).fill('anna')
    await page.getByLabel('Role').selectOption('viewer')
    await page.getByLabel('Sites').fill('Hall north')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('row', { name: /anna viewer Hall north/ }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'With a password' }).click()
    await page.getByLabel('Name').fill('anna')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('viewer, Hall north').waitFor()
    await go('#/devices')
    await page.getByRole('link', { name: 'motor-1' }).waitFor()
    expect(await page.getByRole('link', { name: 'motor-2' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Register a device' }).count()).toBe(0)
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Devices', 'Types'])
    await go('#/alarms')
    await page.getByRole('link', { name: /above its limit/ }).waitFor()
    expect(await page.getByRole('button', { name: /Acknowledge/ }).count()).toBe(0)
    await go('#/settings')
    expect(await page.getByRole('tab').allTextContents()).toEqual(['General', 'Retention', 'Data'])
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('make a token for a machine, which is shown once and can be revoked', async () => {
    const { page, faults, go } = await openPage(browser, started.box)
    await go('#/settings?tab=people')
    await page.getByRole('button', { name: 'Make a token' }).click()
    await page.getByLabel('Name', { exact: true }).fill('grafana')
    await page.getByRole('button', { name: 'Make it' }).click()
    const token = await page.getByRole('textbox', { name: 'Token' }).inputValue()
    const ask = async (): Promise<number> =>
      (await fetch(`${started.box.url}/v1/devices`, { headers: { authorization: `Bearer ${token}` } })).status
    expect(await ask()).toBe(200)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Revoke grafana' }).click()
    await page.getByRole('group', { name: 'At once?' }).getByRole('button', { name: 'Revoke' }).click()
    await page.getByText(/^revoked /).waitFor()
    expect(await ask()).toBe(401)
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('sign in through their organisation’s page where there is one, as on AWS, and stay signed in', async () => {
    const { box } = started
    const page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(60_000)
    const grants: string[] = []
    const [authorize, token] = [`${box.url}/organisation/authorize`, `${box.url}/organisation/token`]
    const provider = { authorize, token, client: 'c-1', scope: 'openid email', bearer: 'id' }
    await page.route('**/config.json', async (route) => route.fulfill({ json: { provider, form: 'none' } }))
    await page.route(`${authorize}?*`, async (route) => {
      const query = new URL(route.request().url()).searchParams
      expect(query.get('code_challenge_method')).toBe('S256')
      await route.fulfill({
        status: 302,
        headers: { location: `${box.url}/?code=c0de&state=${query.get('state')}` },
      })
    })
    await page.route(token, async (route) => {
      const form = new URLSearchParams(route.request().postData() ?? '')
      grants.push(`${form.get('grant_type')} ${form.get('code') ?? form.get('refresh_token')}`)
      await route.fulfill({ json: { id_token: box.token, refresh_token: 'r-1', expires_in: 3600 } })
    })
    await page.goto(`${box.url}/#/alarms`)
    const button = page.getByRole('button')
    await button.waitFor()
    expect(await button.allTextContents()).toEqual(['Sign in'])
    await button.click()
    await page.getByRole('heading', { level: 1, name: 'Alarms' }).waitFor()
    expect(page.url()).not.toContain('c0de')
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Alarms' }).waitFor()
    await expect.poll(() => grants).toEqual(['authorization_code c0de', 'refresh_token r-1'])
    await page.context().close()
  })

  it('can do all of it with the keyboard', async () => {
    const { page, faults } = await openPage(browser, started.box)
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key)
    }
    const focused = async (): Promise<string> => page.evaluate('document.activeElement.textContent.trim() || document.activeElement.getAttribute("aria-label")') // prettier-ignore
    await press('Tab')
    expect(await focused()).toBe('Skip to the content')
    await press('Tab', 'Tab')
    expect(await focused()).toMatch(/^Alarms/)
    await press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Alarms' }).waitFor()
    await page.getByRole('button', { name: /^Acknowledge motor-1: temperature/ }).focus()
    await press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('seen')
    await press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('cell', { name: 'acknowledged', exact: true }).waitFor()
    await page.getByRole('link', { name: 'Settings' }).focus()
    await press('Enter')
    await page.getByRole('tab', { name: 'General' }).focus()
    await press('ArrowRight')
    await page.getByRole('heading', { name: 'Tokens and sessions' }).waitFor()
    expect(await focused()).toBe('People and tokens')
    expect(faults).toEqual([])
    await page.context().close()
  })
})
