import { bulkHandler, type BulkHandlerParts } from '../../lambdas/bulk/bulk-handler.ts'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { dynamoAudit } from '../../src/adapters/aws/dynamo/dynamo-audit.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoDeviceReader } from '../../src/adapters/aws/dynamo/dynamo-device-reader.ts'
import { dynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import type { Place } from '../../src/adapters/aws/lake/landing.ts'
import type { LakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { dynamoManifest } from '../../src/adapters/aws/lake/manifest.ts'
import { s3ReportStore } from '../../src/adapters/aws/lake/s3-report-store.ts'
import { dynamoTokens } from '../../src/adapters/aws/people/dynamo-tokens.ts'
import { dynamoWorkOrders } from '../../src/adapters/aws/trades/dynamo-work-orders.ts'
import { querySeries } from '../../src/pipeline/history/query.ts'
import { seriesJson } from '../../src/pipeline/history/series-json.ts'
import type { HistoryStores } from '../../src/pipeline/history/series-reader.ts'
import { chartSeries } from '../../src/pipeline/reports/chart-series.ts'
import { reportDesk } from '../../src/pipeline/reports/report-desk.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { RawMessage } from '../../src/ports/raw-record.ts'
import { foldersOf } from '../aws/compact-all.ts'

/** A bucket of S3, with what its client says of a key that is not there. */
export function lakeInMemory(objects = new Map<string, Uint8Array>()) {
  const get = async (key: string): Promise<Uint8Array> => {
    const found = objects.get(key)
    if (!found) throw Object.assign(new Error('The specified key does not exist.'), { name: 'NoSuchKey' })
    return found
  }
  const files: LakeFiles = {
    put: async (key, body) => void objects.set(key, body),
    get,
    find: async (key) => objects.get(key) ?? null,
    list: async (prefix, limit) => [...objects.keys()].filter((k) => k.startsWith(prefix)).sort().slice(0, limit), // prettier-ignore
    folders: async (prefix, delimiter) => foldersOf([...objects.keys()], prefix, delimiter),
    remove: async (key) => void objects.delete(key),
  }
  return { objects, files }
}

export interface BulkWorld {
  dynamo: Dynamo
  clock: Clock
  files: LakeFiles
  stores: HistoryStores
  onError?(error: unknown): void
}

/** The function `bulk` over these stores, as its handler composes it. */
export function bulkOver({ dynamo, clock, files, stores, onError }: BulkWorld) {
  const sent: RawMessage[] = []
  const rebuilt: Place[] = []
  const manifest = dynamoManifest(dynamo, 'Manifest')
  const devices = dynamoDeviceReader({ dynamo, table: 'Registry', config: dynamoConfigStore(dynamo, 'Config', clock) }) // prettier-ignore
  const sources = {
    devices,
    telemetry: dynamoFacts(dynamo, 'Facts'),
    alarms: dynamoAlarmBook(dynamo, 'AlarmBook'),
    orders: dynamoWorkOrders(dynamo, 'WorkOrders'),
    series: chartSeries(async (question) => seriesJson(await querySeries(question, stores))),
  }
  const store = s3ReportStore(files)
  const audit = dynamoAudit(dynamo, 'Audit', 'b1', clock)
  const parts: BulkHandlerParts = {
    audit,
    clock,
    devices,
    stores,
    manifest,
    files,
    reports: reportDesk(sources, store, clock, 'Europe/Berlin'),
    trades: ['plant'],
    put: async (_trade, messages) => (sent.push(...messages), messages.map(() => 1n)),
    rebuild: async (places) => void rebuilt.push(...places),
    days: { hot: 30, warm: 365, cold: 1826 },
    authenticate: dynamoTokens(dynamo, 'Tokens', clock).authenticate,
    onError: onError ?? ((error) => { throw error }), // prettier-ignore
  }
  return { handle: bulkHandler(parts), sent, rebuilt, manifest, audit, sources, store }
}
