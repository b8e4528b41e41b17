import type { Report } from '../../core/report/report.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ReportStore } from '../../ports/report-store.ts'
import { makeReport } from './make-report.ts'
import type { ReportRequest, ReportSources } from './report-sources.ts'

/** Reports for people: those that were made, and new ones on demand. */
export interface ReportDesk extends Pick<ReportStore, 'get' | 'list'> {
  /** IANA zone of the weeks that are reported on by themselves. */
  readonly timeZone: string
  /** Makes it now and keeps it. */
  make(request: Omit<ReportRequest, 'knownUntil'>): Promise<Report>
}

export function reportDesk(
  sources: ReportSources,
  store: ReportStore,
  clock: Clock,
  timeZone: string,
): ReportDesk {
  return {
    timeZone,
    get: store.get,
    list: store.list,
    async make(request) {
      const report = await makeReport(sources, request, clock.now())
      await store.put(report)
      return report
    },
  }
}
