import { Command, InvalidArgumentError } from 'commander'
import { monthlyCost, type Cost, type CostQuestion } from '../core/cost/monthly-cost.ts'
import { prices } from '../core/cost/prices.ts'

const positive = (text: string): number => {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('must be a number above zero')
  return value
}

const oneOf =
  <T extends string>(...allowed: readonly T[]) =>
  (text: string): T => {
    const found = allowed.find((word) => word === text)
    if (found === undefined) throw new InvalidArgumentError(`must be ${allowed.join(' or ')}`)
    return found
  }

interface Options {
  devices: number
  measures: number
  rate: number
  readingsPerMessage: number
  retentionYears: number
  hotDays: number
  streams: CostQuestion['streams']
  state: CostQuestion['state']
  json?: true
}

/** `telltale cost`: what a month on AWS costs by list price, by component. */
export const costCommand = (write: (text: string) => void = (text) => process.stdout.write(text)): Command =>
  new Command('cost')
    .description('monthly AWS list cost by component')
    .requiredOption('--devices <number>', 'devices', positive)
    .option('--measures <number>', 'measures of a device', positive, 10)
    .option('--rate <number>', 'readings of one measure in a minute', positive, 1)
    .option('--readings-per-message <number>', 'readings in one message', positive, 50)
    .option('--retention-years <number>', 'years that the lake keeps', positive, 5)
    .option('--hot-days <number>', 'days that the hot store keeps', positive, 30)
    .option('--streams <mode>', 'onDemand or provisioned', oneOf('onDemand', 'provisioned'), 'onDemand')
    .option('--state <mode>', 'autoscaled or onDemand', oneOf('autoscaled', 'onDemand'), 'autoscaled')
    .option('--json', 'machine-readable')
    .action((options: Options) => {
      const { rate: ratePerMinute, json, ...rest } = options
      const question: CostQuestion = { ...rest, ratePerMinute }
      const cost = monthlyCost(question)
      write(
        json
          ? `${JSON.stringify({ question, priceDate: prices.date, region: prices.region, ...cost })}\n`
          : table(cost),
      )
    })

function table(cost: Cost): string {
  const rows = cost.lines.map((l) => [l.component, money(l.dollars), l.basis] as const)
  const width = Math.max(...rows.map(([component]) => component.length))
  return [
    `AWS list prices of ${prices.date}, ${prices.region}; a full lake; computed, not measured`,
    '',
    ...rows.map(
      ([component, dollars, basis]) => `${component.padEnd(width)}  ${dollars.padStart(12)}  ${basis}`,
    ),
    '',
    `${'a month'.padEnd(width)}  ${money(cost.dollars).padStart(12)}  ${(cost.readings / 1e6).toLocaleString('en')} M readings`,
    `${'a million readings'.padEnd(width)}  ${money(cost.dollarsPerMillion, 4).padStart(12)}  ${money(cost.dollarsPerMillionWithoutHotStore, 4)} without the hot store`,
    '',
  ].join('\n')
}

const money = (dollars: number, digits = 2): string =>
  `$${dollars.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
