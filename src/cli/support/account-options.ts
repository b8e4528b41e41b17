import { InvalidArgumentError, type Command } from 'commander'
import type { AwsPlan } from '../doctor-aws.ts'
import { positiveNumber } from './options.ts'

const oneOf =
  <const Word extends string>(...words: Word[]) =>
  (text: string): Word => {
    const word = words.find((w) => w === text)
    if (word === undefined) throw new InvalidArgumentError(`must be ${words.join(' or ')}`)
    return word
  }

export interface AccountOptions {
  json?: boolean
  hotStore: AwsPlan['hotStore']
  streams: AwsPlan['streams']
  trades: number
  readingsPerMinute: number
  readingsPerMessage: number
}

export const withAccountOptions = (command: Command): Command =>
  command
    .option('--aws', 'examine the AWS account of the present credentials instead')
    .option(
      '--hot-store <name>',
      'aws: influxdb or liveanalytics',
      oneOf('influxdb', 'liveanalytics'),
      'influxdb',
    )
    .option('--streams <mode>', 'aws: onDemand or provisioned', oneOf('onDemand', 'provisioned'), 'onDemand')
    .option('--trades <number>', 'aws: trades to deploy', positiveNumber, 1)
    .option('--readings-per-minute <number>', 'aws: load of one trade', positiveNumber, 1_000_000)
    .option('--readings-per-message <number>', 'aws: readings in one message', positiveNumber, 50)
