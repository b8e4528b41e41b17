import { setTimeout } from 'node:timers/promises'
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
  /** What has moved by itself since the last call, with its share of the cumulative layout shift. */
  shifted(): Promise<Shift[]>
}

export interface Shift {
  score: number
  what: string
}

export interface View {
  width?: number
  height?: number
  colorScheme?: 'dark' | 'light'
  /** Answers come one after the other and late, as over a slow line. */
  slow?: boolean
}

/** A tab that is signed in, whose faults are collected. Nothing but the box is let through. */
export async function openPage(browser: Browser, box: Box, view: View = {}): Promise<WatchedPage> {
  const { width = 1440, height = 900, colorScheme = 'dark', slow = false } = view
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    acceptDownloads: true,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const faults: string[] = []
  page.on('console', (message) => {
    const { url } = message.location()
    if (message.type() === 'error' && !notKnownYet.test(url))
      faults.push(`console: ${message.text()} (${url})`)
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  await context.route('**/*', async (route) => {
    const url = route.request().url()
    if (url.startsWith(`${box.url}/`) || url.startsWith('blob:') || url.startsWith('data:')) {
      if (slow && url.includes('/v1/')) await setTimeout(lateBy(url))
      return route.continue()
    }
    faults.push(`left the machine: ${url}`)
    return route.abort()
  })
  await page.addInitScript(`
    globalThis.shifts = []
    const nameOf = (node) => (node?.nodeType === 1 ? node.tagName + '.' + node.className : node?.textContent)
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries())
        if (!hadRecentInput) shifts.push({ score: value, what: sources.map(({ node }) => nameOf(node)).join(', ') })
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
    shifted: async () => page.evaluate<Shift[]>('shifts.splice(0)'),
  }
}

/** That a vehicle has said nothing of its fuel is an answer, which Chromium calls an error. */
const notKnownYet = /\/v1\/fleet\/vehicles\/[^/]+\/(fuel|driving)$/

const LATEST_MS = 250
/** Another time for each path, always the same. */
const lateBy = (url: string): number =>
  Buffer.from(new URL(url).pathname).reduce((sum, byte) => (sum * 31 + byte) % LATEST_MS, 7)
