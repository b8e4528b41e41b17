import { resolve } from 'node:path'
import { epwWeather } from '../../adapters/local/epw-weather.ts'
import { CliFailure } from '../exit-codes.ts'

interface WeatherSettings {
  weatherUrl?: string
  epw?: string
}

/** Where a box asks about weather to come; what it could not use is refused before it starts. */
export async function weatherSettings({ weatherUrl, epw }: WeatherSettings): Promise<WeatherSettings> {
  if (weatherUrl !== undefined && !/^https?:$/.test(URL.parse(weatherUrl)?.protocol ?? ''))
    throw new CliFailure('usage', `--weather-url is ${weatherUrl}, which is no http or https address`)
  if (epw !== undefined)
    await epwWeather(epw).catch((error: NodeJS.ErrnoException) => {
      throw new CliFailure('badInput', error.code === 'ENOENT' ? `there is no file ${epw}` : `${epw}: ${error.message}`) // prettier-ignore
    })
  return {
    ...(weatherUrl === undefined ? {} : { weatherUrl }),
    ...(epw === undefined ? {} : { epw: resolve(epw) }),
  }
}
