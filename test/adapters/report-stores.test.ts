import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { s3ReportStore } from '../../src/adapters/aws/lake/s3-report-store.ts'
import { fileReportStore } from '../../src/adapters/local/file-report-store.ts'
import { reportStoreContract } from '../contracts/report-store.ts'

const dirs: string[] = []
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true })))

reportStoreContract('files', () => {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-reports-'))
  dirs.push(dir)
  return fileReportStore(dir)
})

reportStoreContract('S3', () => {
  const objects = new Map<string, Uint8Array>()
  return s3ReportStore({
    put: async (key, body) => void objects.set(key, body),
    get: async (key) => {
      const found = objects.get(key)
      // What GetObject says of a key that is not there.
      if (!found) throw Object.assign(new Error('The specified key does not exist.'), { name: 'NoSuchKey' })
      return found
    },
    list: async (prefix, limit) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort().slice(0, limit), // prettier-ignore
  })
})
