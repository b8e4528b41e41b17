import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InvalidArgumentError, type Command } from 'commander'
import pico from 'picocolors'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'
import { createNotifiers } from '../../local/notifiers.ts'
import { freshPage } from '../../local/page-folder.ts'
import { isZone } from '../core/history/calendar.ts'
import type { Notifier } from '../ports/notifier.ts'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { defaultDataDir, portNumber } from './support/options.ts'
import { startFailure } from './support/start-failure.ts'
import { listenForStop } from './support/stop-signal.ts'
import { version } from './support/version.ts'
import { weatherSettings } from './support/weather-settings.ts'

interface UpOptions {
  data: string
  listen: string
  name: string[]
  mqttPort: number
  httpsPort: number
  port: number
  plainPort?: number
  road?: string
  reportZone?: string
  weatherUrl?: string
  epw?: string
  webhook?: string
  webhookSecret?: string
  smtp?: string
  smtpFrom: string
  smtpTo?: string
  demo?: boolean
  json?: boolean
}

export function up(program: Command): void {
  program
    .command('up')
    .description('run a box: MQTT for devices, API and page for people')
    .option('--data <dir>', 'where everything is kept', defaultDataDir())
    .option('--listen <host>', 'address to listen on', boxDefaults.host)
    .option(
      '--name <host>',
      'a name or address by which others reach the box: in its certificate, and told to devices; may be given more than once',
      hostName,
      [],
    )
    .option('--mqtt-port <port>', 'MQTT over mutual TLS', portNumber, boxDefaults.mqttPort)
    .option('--https-port <port>', 'HTTPS publish and MQTT over WebSocket', portNumber, boxDefaults.httpsPort)
    .option('--port <port>', 'API and page', portNumber, boxDefaults.httpPort)
    .option('--plain-port <port>', 'MQTT without TLS on loopback, for benches only', portNumber)
    .option(
      '--road <file>',
      'OpenStreetMap extract (.osm or .osm.gz): the map of the fleet page, and the roads on which routes are planned',
    )
    .option('--report-zone <name>', 'IANA time zone of the weekly reports (default: this computer’s)')
    .option(
      '--weather-url <url>',
      'forecasts for buildings in Open-Meteo’s form; {latitude} and {longitude} in it are filled in (default: nobody is asked)',
    )
    .option(
      '--epw <file>',
      'EnergyPlus weather file: its typical year stands in where no forecast is to be had',
    )
    .option('--webhook <url>', 'post alarms there')
    .option('--webhook-secret <secret>', 'signs what is posted (default: TELLTALE_WEBHOOK_SECRET)')
    .option('--smtp <url>', 'mail alarms through smtp://user:password@host:port (default: TELLTALE_SMTP)')
    .option('--smtp-to <addresses>', 'to these, comma-separated')
    .option('--smtp-from <address>', 'from this one', 'telltale@localhost')
    .option('--demo', 'with a simulated plant, fleet and office that send to it')
    .option('--json', 'print one JSON document once it is up')
    .action(run)
}

async function run(options: UpOptions): Promise<void> {
  const say = (line: string): void => console.error(line)
  const stop = listenForStop(() => process.exit(exitCodes.interrupted.code))
  const box = await startBox({
    ...boxDefaults,
    dir: resolve(options.data),
    host: options.listen,
    names: options.name,
    mqttPort: options.mqttPort,
    httpsPort: options.httpsPort,
    httpPort: options.port,
    ...(options.plainPort === undefined ? {} : { plainPort: options.plainPort }),
    ...roadOf(options),
    ...zoneOf(options),
    jobs: { ...boxDefaults.jobs, ...(await weatherSettings(options)) },
    notifiers: notifiersOf(options, say),
    version: version(),
    page: freshPage(say),
    log: say,
    // All that was acknowledged is on disk: a new start is safe, half a box is not.
    onDied: (what) => {
      say(what)
      process.exit(exitCodes.failed.code)
    },
  }).catch((error: unknown) => {
    throw startFailure(error)
  })
  const link = `${box.url}/#token=${box.token}`
  if (options.json === true) console.log(JSON.stringify(summary(box, options, link)))
  else console.log(welcome(box, options, link))
  const demo = options.demo === true ? startDemo(options, say) : null
  await stop.stopped
  say('stopping')
  demo?.kill('SIGTERM')
  await box.close()
  stop.dispose()
}

/** RFC 1123 section 2.1: letters, digits and hyphens; or an address. */
function hostName(text: string, before: readonly string[]): string[] {
  const labels = text.split('.')
  if (
    isIP(text) === 0 &&
    !(text.length <= 253 && labels.every((label) => /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i.test(label)))
  )
    // prettier-ignore
    throw new InvalidArgumentError('it must be a host name or an IP address, without scheme and port')
  return [...before, text]
}

function roadOf({ road, demo }: UpOptions): { road?: string } {
  if (road === undefined) return demo === true ? { road: demoRoad } : {}
  if (!existsSync(road)) throw new CliFailure('badInput', `there is no file ${road}`)
  return { road: resolve(road) }
}

function zoneOf({ reportZone }: UpOptions): { reportZone?: string } {
  if (reportZone === undefined) return {}
  if (!isZone(reportZone))
    throw new CliFailure('usage', `--report-zone is ${reportZone}, which is no IANA time zone such as Europe/Berlin`) // prettier-ignore
  return { reportZone }
}

function notifiersOf(options: UpOptions, say: (line: string) => void): Notifier[] {
  const { webhook, smtpFrom: from, smtpTo } = options
  const secret = options.webhookSecret ?? process.env['TELLTALE_WEBHOOK_SECRET'] ?? null
  const smtp = options.smtp ?? process.env['TELLTALE_SMTP']
  if ((smtp === undefined) !== (smtpTo === undefined))
    throw new CliFailure('usage', '--smtp and --smtp-to go together')
  const to = (smtpTo ?? '').split(',').flatMap((address) => address.trim() || [])
  try {
    return createNotifiers(
      {
        ...(webhook === undefined ? {} : { webhook: { url: webhook, secret } }),
        ...(smtp === undefined ? {} : { smtp: { url: smtp, from, to } }),
      },
      (line) => say(pico.red(line)),
    )
  } catch (error) {
    throw new CliFailure('usage', (error as Error).message)
  }
}

const summary = (box: Box, { data }: UpOptions, link: string) => ({
  url: box.url,
  link,
  token: box.token,
  mqtt: box.mqttUrl,
  ports: box.ports,
  dataDir: resolve(data),
  pid: process.pid,
})

const welcome = (box: Box, { data, demo }: UpOptions, link: string): string =>
  [
    '',
    `  ${pico.bold('telltale')} is up${demo === true ? ', with a simulated plant, fleet and office' : ''}`,
    '',
    `  page and API   ${pico.cyan(link)}`,
    `  devices        ${box.mqttUrl} (MQTT, mutual TLS)`,
    `  data           ${resolve(data)}`,
    '',
    `  stop with Ctrl-C`,
    '',
  ].join('\n')

const demoRoad = fileURLToPath(new URL('../../examples/road/monaco.osm.gz', import.meta.url))

/** What is simulated runs as its own process, so that it takes nothing from the box but a core's leftovers. */
function startDemo({ data }: UpOptions, say: (line: string) => void): ChildProcess {
  const script = fileURLToPath(new URL('../../bin/telltale.js', import.meta.url))
  const args = ['--data', resolve(data), '--scenario', 'demo,fleet,office', '--road', demoRoad]
  const child = spawn(process.execPath, [script, 'simulate', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  child.on('exit', (code, signal) => {
    if (code !== 0 && signal === null) say(`the simulated plant ended with code ${code}; the box goes on`)
  })
  return child
}
