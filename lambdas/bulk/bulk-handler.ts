import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { handle } from 'hono/aws-lambda'
import type { Manifest } from '../../src/adapters/aws/lake/manifest.ts'
import { lakeRetention } from '../../src/adapters/aws/lake/lake-retention.ts'
import type { Place } from '../../src/adapters/aws/lake/landing.ts'
import type { LakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { createApi } from '../../src/api/create-api.ts'
import type { ApiPorts, Principal } from '../../src/api/ports.ts'
import { refolding } from '../../src/api/routes/refolding.ts'
import { reports } from '../../src/api/routes/reports.ts'
import { retention } from '../../src/api/routes/retention.ts'
import { transfer } from '../../src/api/routes/transfer.ts'
import type { Trade } from '../../src/core/telemetry/reading.ts'
import type { HistoryStores } from '../../src/pipeline/history/series-reader.ts'
import type { ReportDesk } from '../../src/pipeline/reports/report-desk.ts'
import type { RawMessage } from '../../src/ports/raw-record.ts'
import { callerOf } from '../middleware/caller.ts'
import { VERSION } from '../middleware/version.ts'
import { joined } from './joined.ts'
import { rebuildWindows } from './rebuild-windows.ts'
import { refuseArchived } from './refuse-archived.ts'
import { refoldArchive } from './refold-archive.ts'
import { awsTransfer } from './transfer.ts'

export interface BulkHandlerParts extends Pick<ApiPorts, 'audit' | 'clock'> {
  devices: Pick<ApiPorts['devices'], 'get' | 'list'>
  stores: HistoryStores
  manifest: Pick<Manifest, 'first' | 'between' | 'policy' | 'expired'>
  files: Pick<LakeFiles, 'list' | 'get'>
  reports: ReportDesk
  /** Asks the one worker that may change a bucket of a day to make its windows again. */
  rebuild(places: readonly Place[]): Promise<void>
  /** Trades of this deployment. */
  trades: readonly Trade[]
  put(trade: Trade, messages: readonly RawMessage[]): Promise<bigint[]>
  days: { hot: number; warm: number; cold: number }
  authenticate(token: string): Promise<Principal | null>
  onError(error: unknown): void
}

/** A part of an export or of a refold begins its last step before; such a step may take 20 s, and API Gateway gives up after 29. */
const WORKS_MS = 8_000

/** The API’s answers that are files, or take long: reports, export, import, refolding. The function `api` hands their requests over. */
export function bulkHandler(parts: BulkHandlerParts) {
  const { audit, clock, devices, stores, manifest, files, trades, put, days } = parts
  const caller = callerOf({ authenticate: parts.authenticate })
  let began = 0
  const outOfTime = (): boolean => clock.elapsed() - began > WORKS_MS
  const refuse = async (from: number): Promise<void> => refuseArchived(manifest, { from, now: clock.now(), coldDays: days.cold }) // prettier-ignore
  const ports = {
    audit,
    clock,
    devices,
    live: null,
    authenticate: caller.authenticate,
    submit: async (message: RawMessage) => {
      const trade = message.topic.split('/')[1] as Trade
      if (!trades.includes(trade)) throw new Error(`this deployment has no trade ${trade}`)
      return (await put(trade, [message]))[0] ?? 0n
    },
    history: {
      retention: lakeRetention({ manifest, days, clock }),
      transfer: awsTransfer({ stores, refuseArchived: refuse, hotDays: days.hot, clock, outOfTime }),
      rebuild: async (from: number, to: number) =>
        rebuildWindows({ from, to }, { manifest, ask: parts.rebuild, refuseArchived: refuse }),
      refold: async (range: Parameters<typeof refoldArchive>[0]) =>
        refoldArchive(range, { trades, files, put: async (trade, messages) => void (await put(trade, messages)), outOfTime }), // prettier-ignore
    },
  }
  const answer = handle(
    createApi(ports, {
      version: VERSION,
      endpoints: (ports) => [
        ...reports(ports, parts.reports),
        ...transfer(ports),
        ...refolding(ports),
        ...retention(ports),
      ],
      onError: parts.onError,
    }),
  )
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    began = clock.elapsed()
    const request = caller.requestOf(event)
    // `api` hands its own over; no other request of this path has a body.
    const document = request.path === '/openapi.json' ? event.body : null
    const result = (await answer(
      (document === null ? request : { ...request, body: null }) as never,
    )) as APIGatewayProxyResult
    await audit.flush()
    return document === null ? result : { ...result, body: joined(document, result.body) }
  }
}
