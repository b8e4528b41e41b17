import { describe, expect, it } from 'vitest'
import { tableShapes } from '../../lib/constructs/tables.ts'
import { byName, everything, live, ofType, one, otherwise, synth } from './templates.ts'

interface Rule {
  Id: string
  Prefix?: string
  ObjectSizeGreaterThan?: number
  ExpirationInDays?: number
  Transitions?: { StorageClass: string; TransitionInDays: number }[]
}

describe('Lake', () => {
  const lake = one(synth(), 'AWS::S3::Bucket', 'Lake')
  const { Rules: rules } = lake.Properties['LifecycleConfiguration'] as { Rules: Rule[] }

  it.each(['readings', 'windows'])('moves %s down the tiers, and only objects worth moving', (prefix) => {
    const rule = rules.find((r) => r.Prefix === `${prefix}/`)
    expect(rule?.ObjectSizeGreaterThan).toBe(131_072)
    expect(rule?.ExpirationInDays).toBeUndefined()
    expect(rule?.Transitions).toEqual([
      { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
      { StorageClass: 'GLACIER_IR', TransitionInDays: 365 },
      { StorageClass: 'DEEP_ARCHIVE', TransitionInDays: 1826 },
    ])
  })

  it.each(['quarters', 'days'])('keeps %s where they can be asked for good', (prefix) => {
    const classes = rules.find((r) => r.Prefix === `${prefix}/`)?.Transitions?.map((t) => t.StorageClass)
    expect(classes).toEqual(['STANDARD_IA', 'GLACIER_IR'])
  })

  it('lets raw messages go after their time, small files too, and nothing that waits to be published', () => {
    const raw = rules.filter((r) => r.Prefix === 'raw/')
    expect(raw.map((r) => [r.ExpirationInDays, r.ObjectSizeGreaterThan])).toEqual([
      [undefined, 131_072],
      [365, undefined],
    ])
    expect(raw[0]?.Transitions).toEqual([{ StorageClass: 'STANDARD_IA', TransitionInDays: 30 }])
    expect(rules.filter((r) => r.Prefix?.startsWith('landing'))).toEqual([])
  })

  it('clears broken uploads', () => {
    expect(rules.find((r) => r.Id === 'unfinished')).toMatchObject({
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    })
  })

  it('follows the retention of the deployment', () => {
    const other = one(synth(otherwise), 'AWS::S3::Bucket', 'Lake')
    const found = (other.Properties['LifecycleConfiguration'] as { Rules: Rule[] }).Rules[0]
    expect(found?.Transitions?.map((t) => t.TransitionInDays)).toEqual([45, 200, 900])
  })
})

describe('privateBucket', () => {
  it('encrypts every bucket, blocks the public, and refuses plain HTTP', () => {
    const made = synth(everything)
    const buckets = ofType(made, 'AWS::S3::Bucket')
    expect(buckets.length).toBeGreaterThan(3)
    for (const [, bucket] of buckets) {
      expect(bucket.Properties['BucketEncryption']).toBeDefined()
      expect(bucket.Properties['PublicAccessBlockConfiguration']).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      })
    }
    const policies = ofType(made, 'AWS::S3::BucketPolicy').map(([, policy]) =>
      JSON.stringify(policy.Properties),
    )
    expect(policies).toHaveLength(buckets.length)
    for (const policy of policies) expect(policy).toContain('"aws:SecureTransport":"false"')
  })

  it('lets nothing expire that failed and waits for a redrive', () => {
    const failures = one(synth(), 'AWS::S3::Bucket', 'Failures')
    const { Rules } = failures.Properties['LifecycleConfiguration'] as { Rules: Rule[] }
    expect(Rules.filter((r) => r.ExpirationInDays !== undefined)).toEqual([])
  })
})

describe('Tables', () => {
  const tables = ofType(synth(), 'AWS::DynamoDB::GlobalTable')

  it('makes every table of the list on demand, recoverable to any second and protected', () => {
    expect(tables).toHaveLength(Object.keys(tableShapes).length)
    for (const [id, { Properties, DeletionPolicy }] of tables) {
      expect(Properties['BillingMode'], id).toBe('PAY_PER_REQUEST')
      expect(DeletionPolicy, id).toBe('Retain')
      expect(Properties['Replicas'], id).toEqual([
        expect.objectContaining({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ])
    }
  })

  it('pays for a capacity that follows the load in prod, of the states alone', () => {
    const provisioned = ofType(synth(everything), 'AWS::DynamoDB::GlobalTable').filter(
      ([, t]) => t.Properties['BillingMode'] === 'PROVISIONED',
    )
    expect(provisioned.map(([id]) => id.slice(0, 11))).toEqual(['TablesState'])
    const [, { Properties }] = provisioned[0]!
    const scaling = {
      WriteCapacityAutoScalingSettings: {
        MinCapacity: 50,
        MaxCapacity: 40_000,
        TargetTrackingScalingPolicyConfiguration: { TargetValue: 70 },
      },
    }
    expect(Properties['WriteProvisionedThroughputSettings']).toEqual(scaling)
  })

  it('expires what need not stay, and nothing else', () => {
    const expiring = tables.filter(([, t]) => t.Properties['TimeToLiveSpecification']).map(([id]) => id)
    expect(expiring.map((id) => id.replace(/^Tables|[0-9A-F]{8}$/g, '')).sort(byName)).toEqual([
      'Commands',
      'Erasures',
      'Progress',
      'Quarantine',
      'Tokens',
    ])
  })

  it('puts no index on the state, which would double what a commit costs', () => {
    const state = one(synth(), 'AWS::DynamoDB::GlobalTable', 'TablesState')
    expect(state.Properties['GlobalSecondaryIndexes']).toBeUndefined()
    expect(state.Properties['StreamSpecification']).toBeUndefined()
  })
})

describe('Catalog', () => {
  it.each(['readings', 'windows', 'quarters', 'days'])(
    'projects the days of %s, so that no partition is registered',
    (name) => {
      const table = ofType(synth(), 'AWS::Glue::Table').find(
        ([, t]) => (t.Properties['TableInput'] as { Name: string }).Name === name,
      )![1]
      const input = table.Properties['TableInput'] as {
        Parameters: Record<string, unknown>
        PartitionKeys: unknown
      }
      expect(input.PartitionKeys).toEqual([{ Name: 'dt', Type: 'string' }])
      expect(input.Parameters).toMatchObject({
        'projection.enabled': 'true',
        'projection.dt.type': 'date',
        'projection.dt.format': 'yyyy-MM-dd',
      })
      expect(JSON.stringify(input.Parameters['storage.location.template'])).toContain(`/${name}/dt=\${dt}/`)
    },
  )

  it('bounds what one query may scan', () => {
    expect(ofType(synth(), 'AWS::Athena::WorkGroup')[0]?.[1].Properties).toMatchObject({
      WorkGroupConfiguration: { EnforceWorkGroupConfiguration: true, BytesScannedCutoffPerQuery: 1024 ** 4 },
    })
  })
})

describe('InfluxStore', () => {
  const made = synth()

  it('is version 2, one private instance, whose password only the secret knows', () => {
    const instance = one(made, 'AWS::Timestream::InfluxDBInstance', 'HotStore')
    expect(instance.Properties).toMatchObject({
      DeploymentType: 'SINGLE_AZ',
      PubliclyAccessible: false,
      Port: 8086,
    })
    expect(JSON.stringify(instance.Properties['Password'])).toContain('{{resolve:secretsmanager:')
    expect(instance.DeletionPolicy).toBe('Retain')
    const admin = one(made, 'AWS::SecretsManager::Secret', 'HotStoreAdmin')
    expect(admin.Properties['GenerateSecretString']).toMatchObject({
      ExcludePunctuation: true,
      PasswordLength: 40,
    })
  })

  it('has a network without a way out', () => {
    for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::InternetGateway', 'AWS::EC2::EIP'])
      expect(ofType(made, type)).toEqual([])
    const kinds = ofType(made, 'AWS::EC2::VPCEndpoint').map(([, e]) => e.Properties['VpcEndpointType'])
    expect(kinds.sort(byName)).toEqual(['Gateway', 'Gateway', 'Interface'])
  })

  it('is entered only by store, hotquery, and the functions that erase a device and make the token', () => {
    const inside = ofType(made, 'AWS::Lambda::Function').filter(([, f]) => f.Properties['VpcConfig'])
    const names = inside.map(([, f]) => environment(f.Properties)['POWERTOOLS_SERVICE_NAME'])
    expect(names.sort(byName)).toEqual(['hot-erase', 'hot-store-token', 'hotquery', 'store'])
  })
})

describe('LiveAnalyticsStore', () => {
  it('keeps readings late for the memory store, and needs no network', () => {
    const made = synth(live)
    const tables = ofType(made, 'AWS::Timestream::Table')
    expect(tables).toHaveLength(2)
    for (const [, table] of tables)
      expect(table.Properties).toMatchObject({
        RetentionProperties: {
          MemoryStoreRetentionPeriodInHours: '24',
          MagneticStoreRetentionPeriodInDays: '30',
        },
        MagneticStoreWriteProperties: { EnableMagneticStoreWrites: true },
      })
    expect(ofType(made, 'AWS::EC2::VPC')).toEqual([])
    expect(ofType(made, 'AWS::Timestream::InfluxDBInstance')).toEqual([])
  })
})

const environment = (properties: Record<string, unknown>): Record<string, unknown> =>
  (properties['Environment'] as { Variables: Record<string, unknown> }).Variables
