import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { epwWeather } from '../../../src/adapters/local/epw-weather.ts'
import { httpWeather } from '../../../src/adapters/portable/http-weather.ts'
import { parseEpw } from '../../../src/core/building/epw.ts'

const HOUR = 3_600_000
const T0 = Date.UTC(2026, 0, 10)
const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** A year in which the temperature counts the hours of the day and every noon's humidity is missing. */
function epwText(): string {
  const lines = ['LOCATION,Nowhere,-,XXX,made,1,45.0,7.0,1.0,200', 'DATA PERIODS,1,1,Data,Sunday,1/1,12/31']
  for (const [m, n] of days.entries())
    for (let d = 1; d <= n; d++)
      for (let h = 1; h <= 24; h++) {
        const cells = Array.from({ length: 35 }, () => '0')
        cells.splice(0, 5, '1999', String(m + 1), String(d), String(h), '60')
        cells[6] = String(h - 1)
        cells[8] = h === 13 ? '999' : '60'
        lines.push(cells.join(','))
      }
  return lines.join('\r\n')
}

describe('parseEpw', () => {
  it('reads a year, its place, and repeats the hour before a missing value', () => {
    const year = parseEpw(epwText())
    expect(year).toMatchObject({ place: 'Nowhere, XXX', latitude: 45, longitude: 7, utcOffsetHours: 1 })
    expect(year.hours).toHaveLength(8760)
    expect(year.hours[12]).toMatchObject({ temperatureC: 12, humidityPercent: 60 })
  })
  it('refuses half a year', () => {
    expect(() => parseEpw(epwText().slice(0, 100_000))).toThrow('not a year of hours')
    expect(() => parseEpw('hello')).toThrow('not an EPW file')
  })
  it('refuses a year of nowhere', () => {
    const nowhere = epwText().replace(/^.*/, 'LOCATION,Nowhere,-,XXX,made,1,45.0,7.0\r')
    expect(() => parseEpw(nowhere)).toThrow('does not say latitude, longitude and time zone')
  })
})

const fileWeather = async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'epw-')), 'year.epw')
  await writeFile(path, epwText())
  return epwWeather(path)
}
const query = { latitude: 45, longitude: 7, from: T0, to: T0 + 24 * HOUR }

describe('epwWeather', () => {
  it('lays the typical year over the calendar in standard time', async () => {
    const forecast = await (
      await fileWeather()
    ).forecast({ ...query, from: T0 + HOUR / 2, to: T0 + 3 * HOUR })
    expect(forecast.hours.map((h) => h.temperatureC)).toEqual([1, 2, 3])
    expect(forecast.hours[0]!.at).toBe(T0)
    const leap = Date.UTC(2028, 1, 29, 11)
    expect(
      (await (await fileWeather()).forecast({ ...query, from: leap, to: leap + HOUR })).hours,
    ).toHaveLength(1)
  })
})

const body = (n: number): string =>
  JSON.stringify({
    hourly: {
      time: Array.from({ length: n }, (_, i) => new Date(T0 + i * HOUR).toISOString().slice(0, 16)),
      temperature_2m: Array.from({ length: n }, (_, i) => 10 + i),
    },
  })

describe('httpWeather', () => {
  let close = (): void => undefined
  afterEach(() => close())
  const source = async (answer: () => { status: number; body: string }) => {
    let asked = 0
    const server = createServer((_, response) => {
      asked += 1
      const { status, body } = answer()
      response.writeHead(status).end(body)
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    close = () => server.close()
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const url = `http://127.0.0.1:${port}/forecast?latitude={latitude}&longitude={longitude}`
    return { url, asked: () => asked }
  }

  it('asks once while fresh, then serves the cache when the source fails, then the fallback', async () => {
    let status = 200
    let now = T0
    const { url, asked } = await source(() => ({ status, body: body(48) }))
    const clock = { now: () => now, elapsed: () => 0 }
    const weather = httpWeather({ url, clock, fallback: await fileWeather() })
    const [first, same] = await Promise.all([weather.forecast(query), weather.forecast(query)])
    expect(first).toMatchObject({ source: 'HTTP forecast', stale: false })
    expect(first.hours.map((h) => h.temperatureC).slice(0, 2)).toEqual([10, 11])
    expect(same.hours).toEqual(first.hours)
    await weather.forecast(query)
    expect(asked()).toBe(1)
    status = 500
    now += 2 * HOUR
    expect(await weather.forecast(query)).toMatchObject({ source: 'HTTP forecast (cached)', stale: true })
    now += 30 * HOUR
    expect(await weather.forecast(query)).toMatchObject({
      source: 'typical year of Nowhere, XXX',
      stale: true,
    })
  })

  it('does not ask again for times that its source does not tell of', async () => {
    const { url, asked } = await source(() => ({ status: 200, body: body(48) }))
    const weather = httpWeather({ url, clock: { now: () => T0, elapsed: () => 0 }, fallback: await fileWeather() }) // prettier-ignore
    for (let week = 0; week < 6; week++)
      expect(
        await weather.forecast({
          ...query,
          from: T0 - week * 168 * HOUR - 24 * HOUR,
          to: T0 - week * 168 * HOUR,
        }),
      ).toMatchObject({ source: 'typical year of Nowhere, XXX' })
    expect((await weather.forecast(query)).source).toBe('HTTP forecast')
    expect(asked()).toBe(1)
  })

  it('lets a source that has just failed rest, whoever asks', async () => {
    let now = T0
    const { url, asked } = await source(() => ({ status: 503, body: '' }))
    const weather = httpWeather({
      url,
      clock: { now: () => now, elapsed: () => 0 },
      fallback: await fileWeather(),
    })
    for (let k = 0; k < 5; k++)
      expect((await weather.forecast({ ...query, latitude: 40 + k })).source).toContain('typical year')
    expect(asked()).toBe(1)
    now += 60_000
    await weather.forecast(query)
    expect(asked()).toBe(2)
  })

  it.each([
    '{}',
    'not json',
    JSON.stringify({ hourly: { time: ['2026-01-10T00:00'], temperature_2m: [null] } }),
    body(48).replace('[10,', '[283.15,'),
    body(48).replace('[10,11,', '[10,null,'),
    body(48) + ' '.repeat(1_000_000),
  ])('falls back on an answer it cannot use: %.40s', async (text) => {
    const { url } = await source(() => ({ status: 200, body: text }))
    const weather = httpWeather({
      url,
      clock: { now: () => T0, elapsed: () => 0 },
      fallback: await fileWeather(),
    })
    expect((await weather.forecast(query)).stale).toBe(true)
  })

  it('takes what comes before the nulls that a forecast ends with', async () => {
    const { url } = await source(() => ({ status: 200, body: body(26).replace(/,35\]/, ',null]') }))
    const weather = httpWeather({ url, clock: { now: () => T0, elapsed: () => 0 }, fallback: await fileWeather() }) // prettier-ignore
    expect(await weather.forecast(query)).toMatchObject({ source: 'HTTP forecast', stale: false })
  })

  it('falls back where the forecast ends too early', async () => {
    const { url } = await source(() => ({ status: 200, body: body(3) }))
    const weather = httpWeather({
      url,
      clock: { now: () => T0, elapsed: () => 0 },
      fallback: await fileWeather(),
    })
    expect((await weather.forecast(query)).source).toContain('typical year')
  })
})
