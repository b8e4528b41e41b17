import type { WeatherValues } from '../core/building/epw.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

export interface WeatherHour extends WeatherValues {
  /** The hour begins here. */
  at: EpochMs
}

export interface WeatherForecast {
  /** Which source answered, for the sentence that explains a decision. */
  source: string
  /** Older than the source promises: still better than nothing, and said. */
  stale: boolean
  hours: WeatherHour[]
}

export interface WeatherQuery {
  latitude: number
  longitude: number
  /** Half-open; hours that overlap it are given, ascending and without gaps. */
  from: EpochMs
  to: EpochMs
}

/** Weather to come at a place. */
export interface Weather {
  forecast(query: WeatherQuery): Promise<WeatherForecast>
}
