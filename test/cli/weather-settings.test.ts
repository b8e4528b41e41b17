import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { weatherSettings } from '../../src/cli/support/weather-settings.ts'

const url = 'http://127.0.0.1:9/v1/forecast?latitude={latitude}&longitude={longitude}'

it('takes a source with places to fill in, and needs none', async () => {
  expect(await weatherSettings({ weatherUrl: url })).toEqual({ weatherUrl: url })
  expect(await weatherSettings({})).toEqual({})
})

it('refuses what no weather can come from, before the box starts', async () => {
  await expect(weatherSettings({ weatherUrl: 'open-meteo' })).rejects.toMatchObject({ exit: 'usage' })
  await expect(weatherSettings({ weatherUrl: 'file:///etc/passwd' })).rejects.toMatchObject({ exit: 'usage' })
  const missing = weatherSettings({ epw: '/nowhere/year.epw' })
  await expect(missing).rejects.toMatchObject({ exit: 'badInput', message: 'there is no file /nowhere/year.epw' }) // prettier-ignore
  const dir = mkdtempSync(join(tmpdir(), 'epw-'))
  writeFileSync(join(dir, 'cut.epw'), 'LOCATION,Nowhere,-,XXX,made,1,45.0,7.0,1.0,200\n1999,1,1,1,60')
  await expect(weatherSettings({ epw: join(dir, 'cut.epw') })).rejects.toThrow(
    'not a year of hours: 0 of 8760',
  )
  rmSync(dir, { recursive: true })
})
