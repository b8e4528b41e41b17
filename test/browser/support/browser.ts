import { chromium, type Browser, type Page } from 'playwright-core'
import type { Box } from '../../../local/box.ts'

/** GL in software makes canvases slow and charts need none, so it is on only where a map is looked at. */
export const openBrowser = async ({ gl = false } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      ...(gl ? ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'] : ['--disable-gpu']),
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

export interface WatchedPage {
  page: Page
  /** Errors on its console, failed requests, and requests that would have left the machine. */
  faults: string[]
  /** Goes to an address of the page and waits until it has settled. */
  go(hash: string): Promise<void>
  /** How much what was there has moved by itself since the last call (Layout Instability, cumulative score). */
  shifted(): Promise<number>
}

export interface View {
  width?: number
  height?: number
  colorScheme?: 'dark' | 'light'
}

/** A tab that is signed in, whose faults are collected. Nothing but the box is let through. */
export async function openPage(browser: Browser, box: Box, view: View = {}): Promise<WatchedPage> {
  const { width = 1440, height = 900, colorScheme = 'dark' } = view
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    acceptDownloads: true,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  await context.route('**/*', async (route) => {
    const url = route.request().url()
    if (url.startsWith(`${box.url}/`) || url.startsWith('blob:') || url.startsWith('data:'))
      return route.continue()
    faults.push(`left the machine: ${url}`)
    return route.abort()
  })
  await page.addInitScript(`
    globalThis.shifted = 0
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shifted += value
    }).observe({ type: 'layout-shift', buffered: true })`)
  await page.goto(`${box.url}/#token=${box.token}&/`)
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  return {
    page,
    faults,
    go: async (hash) => {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
      await page.locator('main .loading').first().waitFor({ state: 'detached' })
    },
    shifted: async () => page.evaluate<number>('(() => { const sum = shifted; shifted = 0; return sum })()'),
  }
}
