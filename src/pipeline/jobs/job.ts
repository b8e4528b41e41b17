import type { Transition } from '../../core/alarm/transition.ts'
import type { SetPointOrder } from '../../core/building/hvac/desired-set-points.ts'
import type { Change } from '../../core/device/profile.ts'
import type { WorkOrder } from '../../core/maintenance/work-order.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { AlarmBook } from '../../ports/alarm-book.ts'
import type { MachineWatch } from '../../ports/machine-watch.ts'
import type { ModelHost } from '../../ports/model-host.ts'
import type { TelemetryReader } from '../../ports/telemetry-reader.ts'
import type { Weather } from '../../ports/weather.ts'
import type { WorkOrders } from '../../ports/work-orders.ts'
import type { Configuration } from '../configuration.ts'

/** What jobs read. Everything before the cut-off is closed and stored when a job runs. */
export interface JobSources {
  reader: TelemetryReader
  alarms: Pick<AlarmBook, 'get' | 'list'>
  configuration: Pick<Configuration, 'profile' | 'things' | 'site' | 'sites'>
  orders: Pick<WorkOrders, 'list'>
  weather: Weather
  models: ModelHost
  machines: Pick<MachineWatch, 'look'>
}

/** What came of a run. Everything has an identity, so that storing it twice changes nothing. */
export interface JobOutcome {
  facts?: readonly Fact[]
  transitions?: readonly Transition[]
  orders?: readonly WorkOrder[]
  setPoints?: readonly SetPointOrder[]
  /** What of the work could not be done, for the log; the rest counts. */
  failures?: readonly { what: string; error: unknown }[]
  /** Published with an `effectiveFrom` that lies after publication. */
  changes?: readonly (Change extends infer C
    ? C extends Change
      ? Omit<C, 'effectiveFrom'>
      : never
    : never)[]
}

/** Work across devices on closed minutes. The same cut-off and the same store give the same outcome. */
export interface Job {
  name: string
  /** Runs at minutes that are multiples of it. */
  everyMinutes: number
  /** This many missed runs are made up for, oldest first; 1 where only the newest matters. */
  catchUp: number
  /** `at` is the cut-off: the end of the closed minute, and only what lies before it may be looked at. */
  run(at: EpochMs, sources: JobSources): AsyncIterable<JobOutcome> | Promise<JobOutcome>
}
