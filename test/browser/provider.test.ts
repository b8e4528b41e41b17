import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './support/browser.ts'
import { openIdProvider, type OpenIdProvider } from './support/openid-provider.ts'
import { startedBox, type StartedBox } from './support/started-box.ts'

describe('people of an OpenID provider', () => {
  let started: StartedBox
  let browser: Browser
  let provider: OpenIdProvider
  beforeAll(async () => {
    ;[started, browser] = await Promise.all([startedBox(), openBrowser()])
    provider = await openIdProvider({
      client: 'telltale-page',
      people: {
        ada: { email: 'ada@example.com', groups: ['plant-staff'], sites: ['*'] },
        guest: { email: 'guest@example.com', groups: [] },
      },
      origins: [started.box.url],
    })
    writeFileSync(
      join(started.dir, 'oidc.json'),
      JSON.stringify({
        issuer: provider.issuer,
        audience: 'telltale',
        roleClaim: 'groups',
        roles: { 'plant-staff': 'operator' },
        sitesClaim: 'sites',
        allSites: '*',
        page: { client: 'telltale-page' },
      }),
    )
  })
  afterAll(async () => {
    await browser.close()
    await started.close()
    await provider.close()
  })

  async function openTab(hash = '#/'): Promise<{ page: Page; problem: (text: RegExp) => Promise<void> }> {
    const page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(60_000)
    await page.goto(`${started.box.url}/${hash}`)
    const problem = async (text: RegExp): Promise<void> =>
      page.getByRole('alert').filter({ hasText: text }).waitFor()
    return { page, problem }
  }
  const signInAs = async (page: Page, name: string, consent = 'Allow'): Promise<void> => {
    await page.getByRole('button', { name: `Sign in with ${new URL(provider.issuer).host}` }).click()
    await page.getByLabel('Who are you?').fill(name)
    await page.getByRole('button', { name: consent }).click()
  }
  const heading = async (page: Page, name: string): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor()

  it('sign in there, arrive where they wanted to go, stay signed in over a reload, and sign out', async () => {
    const { page } = await openTab('#/alarms')
    await signInAs(page, 'ada')
    await heading(page, 'Alarms')
    expect(page.url()).toBe(`${started.box.url}/#/alarms`)
    await page.getByText('oidc:ada@example.com').waitFor()
    await page.reload()
    await heading(page, 'Alarms')
    await expect.poll(() => provider.grants).toEqual(['authorization_code', 'refresh_token'])
    expect(provider.asked.at(-1)?.has('prompt')).toBe(false)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await heading(page, 'Telltale')
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual(['telltale.anew'])
    await signInAs(page, 'ada')
    await heading(page, 'Alarms')
    expect(provider.asked.at(-1)?.get('prompt')).toBe('login')
    await page.context().close()
  })

  it('are told if they have no role, and can try as somebody else', async () => {
    const { page, problem } = await openTab()
    await signInAs(page, 'guest')
    await problem(/You have no role here.*knows you as guest@example.com/)
    await signInAs(page, 'ada')
    await heading(page, 'Overview')
    expect(provider.asked.at(-1)?.get('prompt')).toBe('login')
    await page.context().close()
  })

  it('are told if the provider refuses them, and an answer that nobody asked for is refused', async () => {
    const { page, problem } = await openTab()
    await signInAs(page, 'ada', 'Deny')
    await problem(/did not sign you in.*cancelled or refused there/)
    expect(page.url()).toBe(`${started.box.url}/#/`)
    const grants = provider.grants.length
    await page.goto(`${started.box.url}/?code=stolen&state=other#/devices`)
    await problem(/This sign-in was refused/)
    expect(page.url()).toBe(`${started.box.url}/#/devices`)
    expect(provider.grants).toHaveLength(grants)
    await page.context().close()
  })

  it('leave the box’s own people their form', async () => {
    const { page } = await openTab()
    await page.getByText('or with what this box knows').waitFor()
    await page.getByLabel('Token', { exact: true }).fill(started.box.token)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await heading(page, 'Overview')
    await page.context().close()
  })
})
