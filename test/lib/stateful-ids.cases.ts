import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { everything, live, otherwise, synth } from './templates.ts'

/** What keeps data: another logical id would make CloudFormation replace it. */
const stateful = new Set([
  'AWS::DynamoDB::GlobalTable',
  'AWS::S3::Bucket',
  'AWS::Kinesis::Stream',
  'AWS::Timestream::InfluxDBInstance',
  'AWS::Timestream::Database',
  'AWS::Timestream::Table',
  'AWS::Cognito::UserPool',
  'AWS::KMS::Key',
  'AWS::SecretsManager::Secret',
  'AWS::IoT::ThingType',
])

const idsOf = (context: Record<string, unknown>): Record<string, Record<string, string>> =>
  Object.fromEntries(
    Object.entries(synth(context).stacks)
      .map(([stack, resources]): [string, Record<string, string>] => [
        stack,
        Object.fromEntries(
          Object.entries(resources)
            .filter(([, r]) => stateful.has(r.Type))
            .map(([id, r]): [string, string] => [id, r.Type])
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
      ])
      .filter(([, ids]) => Object.keys(ids).length > 0),
  )

const frozen = JSON.parse(readFileSync(new URL('stateful-ids.json', import.meta.url), 'utf8')) as unknown

describe('stateful logical ids', () => {
  it('are the frozen ones: changing one loses data, so it takes a decision record and a migration', () => {
    expect({ influxdb: idsOf(everything), liveanalytics: idsOf(live) }).toEqual(frozen)
  })

  it('are all retained unless the deployment says otherwise', () => {
    for (const resources of Object.values(synth(everything).stacks))
      for (const [id, r] of Object.entries(resources))
        if (stateful.has(r.Type) && r.Type !== 'AWS::IoT::ThingType')
          expect([id, r.DeletionPolicy, r.UpdateReplacePolicy]).toEqual([id, 'Retain', 'Retain'])
  })

  it('are given up where the deployment says so', () => {
    const made = synth(otherwise)
    for (const resources of Object.values(made.stacks))
      for (const [id, r] of Object.entries(resources))
        if (r.Type === 'AWS::DynamoDB::GlobalTable' || r.Type === 'AWS::S3::Bucket')
          expect([id, r.DeletionPolicy]).toEqual([id, 'Delete'])
  })
})
