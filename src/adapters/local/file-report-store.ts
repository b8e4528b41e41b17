import { mkdirSync } from 'node:fs'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { byNewest, isReportId } from '../../core/report/report-id.ts'
import type { Report, ReportSummary } from '../../core/report/report.ts'
import type { ReportStore } from '../../ports/report-store.ts'

const SUMMARY = '.summary.json'

/** Reports as files of a folder: a large one with everything, a small one for the list, which is written last. */
export function fileReportStore(dir: string): ReportStore {
  mkdirSync(dir, { recursive: true, mode: 0o700 })

  async function write(name: string, value: unknown): Promise<void> {
    const file = join(dir, name)
    await writeFile(`${file}.part`, JSON.stringify(value), { mode: 0o600 })
    await rename(`${file}.part`, file)
  }
  const read = async <T>(name: string): Promise<T | null> => {
    try {
      return JSON.parse(await readFile(join(dir, name), 'utf8')) as T
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }
  return {
    async put(report) {
      const { sections: _, ...summary } = report
      await write(`${report.id}.json`, report)
      await write(`${report.id}${SUMMARY}`, summary)
    },
    get: async (id) => (isReportId(id) ? read<Report>(`${id}.json`) : null),
    async list(limit) {
      const ids = (await readdir(dir)).flatMap((name) => (name.endsWith(SUMMARY) ? [name.slice(0, -SUMMARY.length)] : [])) // prettier-ignore
      const newest = ids.sort(byNewest).slice(0, limit)
      const found = await Promise.all(newest.map(async (id) => read<ReportSummary>(`${id}${SUMMARY}`)))
      return found.filter((summary) => summary !== null)
    },
  }
}
