import type { Report, ReportSummary } from '../core/report/report.ts'

/** Reports that were made, by id. A report of the same id takes the place of the one before. */
export interface ReportStore {
  put(report: Report): Promise<void>
  get(id: string): Promise<Report | null>
  /** The newest stretch of time first, then by id; at most `limit`. */
  list(limit: number): Promise<ReportSummary[]>
}
