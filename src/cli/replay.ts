import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { isThingName } from '../core/telemetry/limits.ts'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { isTrade } from '../core/telemetry/topic.ts'
import { openApi, type ApiClient } from './support/api-client.ts'
import { batchOf } from './support/batch.ts'
import { requireIdentity } from './support/certificates.ts'
import { accessDevice, type DeviceAccess } from './support/device-access.ts'
import { connectDevice } from './support/device-connection.ts'
import { expiredRows, type ExpiredRows } from './support/expired-rows.ts'
import { inFlight } from './support/in-flight.ts'
import {
  moment,
  positiveNumber,
  wholeNumber,
  withBoxOptions,
  type BoxOptionValues,
} from './support/options.ts'
import { present } from './support/output.ts'
import { progress, type Progress } from './support/progress.ts'
import { readRecording, type Recording } from './support/recording.ts'
import { ensureDevice, ensureType } from './support/registration.ts'
import { planReplay } from './support/replay-plan.ts'
import { listenForStop } from './support/stop-signal.ts'
import { readTextFile } from './support/text-file.ts'
import { verify, type Verdict } from './support/verify.ts'

interface ReplayOptions extends BoxOptionValues {
  device: string
  speed?: number
  measure?: string
  start?: number
  step?: number
  register?: string
  trade: string
  endpoint?: string
  certs?: string
  verify?: boolean
  wait: number
}

/** Messages sent and not yet acknowledged. */
const WINDOW = 64
const STEP_MS = 1000
/** Recordings without times end this long ago, so that their last minutes are closed. */
const SETTLED_MS = 5 * 60_000

export function replay(program: Command): void {
  withBoxOptions(
    program.command('replay').description('send a recorded file through MQTT, as a device would'),
  )
    .argument('<file>', 'delimited text with a heading; what it holds is found from its content')
    .requiredOption('--device <thing>', 'the device that sends it; registered if it is not known')
    .option(
      '--speed <factor>',
      'times as fast as it was recorded (default: as fast as it goes)',
      positiveNumber,
    )
    .option('--measure <name>', 'name of the measure, where the file has one only')
    .option('--start <time>', 'time of the first row, where the file has no times', moment(Date.now))
    .option(
      '--step <ms>',
      'time between rows, where the file has no times (default: 1000)',
      wholeNumber(1, 86_400_000),
    )
    .option('--register <type>', 'type to register an unknown device with')
    .option('--trade <trade>', 'trade to register an unknown device in', 'plant')
    .option('--endpoint <url>', 'mqtts://host:port of another deployment (with --certs)')
    .option('--certs <dir>', 'folder with <thing>.cert.pem, <thing>.key.pem and ca.pem')
    .option('--verify', 'compare every reading and window with a batch computation over the file')
    .option('--wait <seconds>', 'how long the box may take to catch up', wholeNumber(0, 3600), 60)
    .action(run)
}

async function run(file: string, options: ReplayOptions): Promise<void> {
  const thing = options.device
  if (!isThingName(thing))
    throw new CliFailure('usage', `${thing} is no name for a device: letters, digits, _ : -`)
  if ((options.endpoint === undefined) !== (options.certs === undefined))
    throw new CliFailure('usage', '--endpoint and --certs go together')
  const stop = listenForStop(() => process.exit(exitCodes.interrupted.code))
  const recording = load(file, options)
  const bar = progress()
  const { api, access, trade } = await connect(thing, options)
  const begun = Date.now()
  const sent = await send(recording, access, { thing, trade, speed: options.speed ?? null, stopped: stop.isStopped, bar }) // prettier-ignore
  const seconds = (Date.now() - begun) / 1000
  await access.close()
  if (stop.isStopped()) throw new CliFailure('interrupted', `stopped after ${sent.acknowledged} of ${recording.at.length} rows`) // prettier-ignore
  const verdict = api
    ? await verify({ api, thing, batch: batchOf(recording), windows: options.verify === true, waitMs: options.wait * 1000, now: Date.now, onProgress: bar.show }) // prettier-ignore
    : null
  const quarantined = api ? await quarantinedSince(api, thing, begun) : null
  const expired = api ? await expiredRows(api, recording, Date.now()) : null
  bar.done()
  stop.dispose()
  const report = { file, device: thing, trade, ...recording.facts, measures: recording.columns.map((c) => c.measure), ...sent, seconds, quarantined, expired, verdict } // prettier-ignore
  present(options.json, report, () => reportText(report))
  if (verdict && !verdict.equal) process.exitCode = exitCodes.failed.code
}

function load(file: string, { start, step, measure }: ReplayOptions): Recording {
  try {
    const text = readTextFile(file)
    const rows = text.split('\n').length
    const first = start ?? Math.floor((Date.now() - SETTLED_MS - rows * (step ?? STEP_MS)) / 60_000) * 60_000
    return readRecording(text, {
      start: first,
      stepMs: step ?? STEP_MS,
      numbered: start !== undefined || step !== undefined,
      ...(measure === undefined ? {} : { measure }),
    })
  } catch (error) {
    throw new CliFailure('badInput', `${file}: ${(error as Error).message}`)
  }
}

async function connect(
  thing: string,
  options: ReplayOptions,
): Promise<{ api: ApiClient | null; access: DeviceAccess; trade: string }> {
  const { endpoint, certs, trade } = options
  if (!isTrade(trade)) throw new CliFailure('usage', `${trade} is no trade; known are plant, fleet, building`)
  if (endpoint !== undefined && certs !== undefined) {
    const connection = await connectDevice(endpoint, requireIdentity(certs, thing))
    const api = options.url === undefined ? null : openApi(options)
    return { api, access: { connection, close: () => connection.end() }, trade }
  }
  const api = openApi(options)
  const type = options.register ?? `recording-${trade}`
  const known = await api.find<{ trade: string }>(`/v1/devices/${encodeURIComponent(thing)}`)
  if (!known) {
    await ensureType(api, type, { trade, measures: {} })
    await ensureDevice(api, thing, { trade, type })
  }
  return { api, access: await accessDevice(api, thing, options.data), trade: known?.trade ?? trade }
}

interface Sent {
  messages: number
  samples: number
  acknowledged: number
}

async function send(
  recording: Recording,
  { connection }: DeviceAccess,
  options: { thing: string; trade: string; speed: number | null; stopped(): boolean; bar: Progress },
): Promise<Sent> {
  const { thing, trade, speed, stopped, bar } = options
  const sent: Sent = { messages: 0, samples: 0, acknowledged: 0 }
  const window = inFlight(WINDOW)
  const begun = performance.now()
  const first = recording.at[0] ?? 0
  for (const pack of planReplay(recording, speed)) {
    const dueMs = speed === null ? 0 : (pack.dueAt - first) / speed
    for (let left = dueMs; left > 0 && !stopped();) {
      left = begun + dueMs - performance.now()
      if (left > 0) await sleep(Math.min(left, 200))
    }
    if (stopped()) break
    sent.messages++
    sent.samples += pack.samples
    await window.add(
      connection
        .publish(`dt/${trade}/${thing}/telemetry`, pack.payload)
        .then(() => (sent.acknowledged += pack.samples)),
    )
    bar.show(`${pack.to} of ${recording.at.length} rows sent, ${sent.acknowledged} samples acknowledged`)
  }
  if (!stopped()) await window.drained()
  return sent
}

async function quarantinedSince(api: ApiClient, thing: string, since: number): Promise<number> {
  let count = 0
  for await (const entries of api.pages<{ receivedAt: number }>('/v1/quarantine', {
    client: thing,
    limit: 1000,
  }))
    count += entries.filter(({ receivedAt }) => receivedAt >= since).length
  return count
}

interface Report extends Sent {
  file: string
  device: string
  rows: number
  skippedRows: number
  unusableCells: number
  measures: string[]
  seconds: number
  quarantined: number | null
  /** Taken, and deleted again soon; null where there are none. */
  expired: ExpiredRows | null
  verdict: Verdict | null
}

function reportText(report: Report): string {
  const { file, device, rows, measures, messages, samples, acknowledged, seconds, verdict } = report
  const lines = [
    `${file}: ${rows} rows of ${measures.length} measures as ${device}`,
    `sent ${samples} samples in ${messages} messages, ${acknowledged} acknowledged, in ${seconds.toFixed(1)} s (${Math.round(samples / Math.max(seconds, 0.001))} a second)`,
  ]
  if (report.skippedRows + report.unusableCells > 0)
    lines.push(
      `left out: ${report.skippedRows} rows without a usable time, ${report.unusableCells} unusable cells`,
    )
  if (report.quarantined) lines.push(`${report.quarantined} messages were quarantined: telltale quarantine list --client ${device}`) // prettier-ignore
  if (report.expired)
    lines.push(
      `${report.expired.rows} rows are older than the ${report.expired.keptDays} days that readings are kept, and will be deleted: telltale retention`,
    )
  if (verdict) lines.push(...verdictLines(verdict))
  return lines.join('\n')
}

function verdictLines({ readings, windows, examples, equal }: Verdict): string[] {
  const said = ({ expected, found, missing, different, extra }: Verdict['readings']): string =>
    `${found} of ${expected} found, ${missing} missing, ${different} different, ${extra} extra`
  return [
    `readings: ${said(readings)}`,
    ...(windows
      ? [`windows:  ${said(windows)}${windows.open > 0 ? `, ${windows.open} still open` : ''}`]
      : []),
    ...examples.map((example) => `  ${example}`),
    equal
      ? 'equal to the batch computation over the file'
      : 'DIFFERENT from the batch computation over the file',
  ]
}
