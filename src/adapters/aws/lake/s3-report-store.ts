import { byNewest, isReportId } from '../../../core/report/report-id.ts'
import type { Report, ReportSummary } from '../../../core/report/report.ts'
import type { ReportStore } from '../../../ports/report-store.ts'
import type { LakeFiles } from './lake-files.ts'

export const WHOLE = 'reports/whole/'
const SUMMARY = 'reports/summary/'
/** All objects of a report; the one with everything comes last, since the others are found by it. */
export const reportKeys = (id: string): string[] => [`${SUMMARY}${id}.json`, `${WHOLE}${id}.json`]
/** Five years of weeks, every trade, a hundred sites. */
const MOST = 100_000
const AT_ONCE = 16

/** Reports in the lake's bucket: a large object with everything, a small one for the list, which is written last. */
export function s3ReportStore(files: Pick<LakeFiles, 'put' | 'get' | 'list'>): ReportStore {
  const encoder = new TextEncoder()
  const read = async <T>(key: string): Promise<T | null> => {
    try {
      return JSON.parse(new TextDecoder().decode(await files.get(key))) as T
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return null
      throw error
    }
  }
  return {
    async put(report) {
      const { sections: _, ...summary } = report
      await files.put(`${WHOLE}${report.id}.json`, encoder.encode(JSON.stringify(report)))
      await files.put(`${SUMMARY}${report.id}.json`, encoder.encode(JSON.stringify(summary)))
    },
    get: async (id) => (isReportId(id) ? read<Report>(`${WHOLE}${id}.json`) : null),
    async list(limit) {
      const keys = await files.list(SUMMARY, MOST)
      const ids = keys.map((key) => key.slice(SUMMARY.length, -'.json'.length)).sort(byNewest)
      const found: ReportSummary[] = []
      for (let i = 0; i < Math.min(limit, ids.length); i += AT_ONCE) {
        const some = ids.slice(i, Math.min(i + AT_ONCE, limit))
        const page = await Promise.all(some.map(async (id) => read<ReportSummary>(`${SUMMARY}${id}.json`)))
        found.push(...page.filter((summary) => summary !== null))
      }
      return found
    },
  }
}
