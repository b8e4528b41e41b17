import { join } from 'node:path'
import { fileReportStore } from '../src/adapters/local/file-report-store.ts'
import { makeDueReports } from '../src/pipeline/reports/make-report.ts'
import { reportDesk, type ReportDesk } from '../src/pipeline/reports/report-desk.ts'
import type { ReportSources } from '../src/pipeline/reports/report-sources.ts'
import type { Clock } from '../src/ports/clock.ts'

const LOOK_MS = 10 * 60_000
/** The box has other things to do when it starts. */
const FIRST_LOOK_MS = 60_000

export interface BoxReports {
  desk: ReportDesk
  start(): void
  close(): Promise<void>
}

/** Keeps reports in a folder and makes last week’s when it is over. */
export function createBoxReports(parts: {
  dir: string
  sources: ReportSources
  clock: Clock
  /** IANA zone of the weeks. */
  timeZone: string
  log(line: string): void
}): BoxReports {
  const { dir, sources, clock, timeZone, log } = parts
  const store = fileReportStore(join(dir, 'reports'))
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  const look = (): void => {
    running ??= makeDueReports(sources, store, clock.now(), timeZone)
      .then(() => {})
      .catch((error: Error) => log(`reports: ${error.message}`))
      .finally(() => (running = null))
  }
  return {
    desk: reportDesk(sources, store, clock, timeZone),
    start() {
      timer = setTimeout(() => {
        look()
        timer = setInterval(look, LOOK_MS).unref()
      }, FIRST_LOOK_MS).unref()
    },
    async close() {
      clearTimeout(timer)
      await running
    },
  }
}
