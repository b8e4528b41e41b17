import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { createAdaptorServer } from '@hono/node-server'
import { chromium, type Browser, type Page } from 'playwright-core'
import { freshPage } from '../local/page-folder.ts'
import { createApi } from '../src/api/create-api.ts'
import { apiEndpoints } from '../src/api/endpoints.ts'
import { busyPorts } from './page/busy-ports.ts'

interface FrameTimes {
  frames: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  worstMs: number
}

export interface PageResult {
  bench: 'page'
  /** Everything but the map, every page together, gzipped. */
  bundleKiB: number
  /** From the start of the navigation, cold cache, to the first tile; median of seven. */
  firstViewMs: number
  firstViewWorstMs: number
  /** Twelve charts, each of which gets a new point every frame; the page shows them ten times a second. */
  charts: FrameTimes
  /**
   * All vehicles under way in every frame, drawn in software whenever one has moved by half a pixel; in clusters, and close
   * enough that each stands alone.
   */
  map: { vehicles: number; clusters: FrameTimes & { marks: number }; alone: FrameTimes & { marks: number } }
}

/** What only somebody who looks at the map fetches. */
const ofTheMap = /^(map-view|maplibre-gl-worker|land-50m)/

const FRAMES = 300
const VIEWS = 7
const view = { viewport: { width: 1440, height: 900 } }

/** How fast the page shows, and how smooth it stays. Needs /usr/bin/chromium; server and browser share the machine. */
export async function pageBench({ vehicles = 5000 } = {}): Promise<PageResult> {
  const page = freshPage((line) => console.error(line))
  await page()
  const server = createAdaptorServer({
    fetch: createApi(busyPorts(vehicles), { version: '0', endpoints: apiEndpoints, page }).fetch,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/#token=bench&/`
  try {
    const { firstViews, charts } = await inBrowser(['--disable-gpu'], async (browser) => {
      const firstViews: number[] = []
      for (let i = 0; i < VIEWS; i++) {
        const context = await browser.newContext(view)
        const tab = await context.newPage()
        await tab.goto(url)
        await tab.locator('.tile-value').first().waitFor()
        firstViews.push(await tab.evaluate<number>('Math.round(performance.now())'))
        await context.close()
      }
      const tab = await browser.newPage(view)
      await tab.goto(url)
      await tab.waitForTimeout(4000)
      return { firstViews: firstViews.sort((a, b) => a - b), charts: await frameTimes(tab) }
    })
    const map = await inBrowser(
      ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
      async (browser) => {
        const tab = await browser.newPage(view)
        await tab.goto(`${url}fleet`)
        await tab.locator(`canvas.vehicles[data-shown="${vehicles}"]`).waitFor()
        await tab.waitForTimeout(4000)
        const clusters = { ...(await frameTimes(tab)), marks: await marksOn(tab) }
        for (let i = 0; i < 4; i++) {
          await tab.locator('.maplibregl-ctrl-zoom-in').click()
          await tab.waitForTimeout(800)
        }
        await tab.waitForTimeout(2000)
        return { vehicles, clusters, alone: { ...(await frameTimes(tab)), marks: await marksOn(tab) } }
      },
    )
    return { bench: 'page', bundleKiB: bundleKiB(), firstViewMs: firstViews[VIEWS >> 1] ?? 0, firstViewWorstMs: firstViews.at(-1) ?? 0, charts, map } // prettier-ignore
  } finally {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
}

function bundleKiB(): number {
  const folder = fileURLToPath(new URL('../dashboard/dist/', import.meta.url))
  const assets = readdirSync(join(folder, 'assets')).filter((name) => !ofTheMap.test(name))
  const files = ['index.html', ...assets.map((name) => join('assets', name))]
  const packed = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).byteLength, 0)
  return Number((packed / 1024).toFixed(1))
}

/** How many marks the map draws: a cluster is one. */
const marksOn = async (tab: Page): Promise<number> =>
  Number(await tab.locator('canvas.vehicles').getAttribute('data-marks'))

async function inBrowser<T>(gl: readonly string[], look: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', ...gl, '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'], // prettier-ignore
  })
  try {
    return await look(browser)
  } finally {
    await browser.close()
  }
}

/** Times from frame to frame. */
async function frameTimes(tab: Page): Promise<FrameTimes> {
  const times = await tab.evaluate<number[]>(`new Promise((done) => {
    const times = []
    let last = performance.now()
    const step = (now) => {
      times.push(now - last)
      last = now
      if (times.length < ${FRAMES}) requestAnimationFrame(step)
      else done(times)
    }
    requestAnimationFrame(step)
  })`)
  times.sort((a, b) => a - b)
  const quantile = (q: number): number => Number((times[Math.floor(q * times.length)] ?? 0).toFixed(1))
  return {
    frames: times.length,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    worstMs: Number((times.at(-1) ?? 0).toFixed(1)),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(JSON.stringify(await pageBench()))
