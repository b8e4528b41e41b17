import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, Billing, Capacity, TableV2, type ITableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import type { Deployment } from '../deployment.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'

type Key = readonly [name: string, type: 'S' | 'N']

interface Shape {
  partition: Key
  sort?: Key
  /** Global secondary indexes by name. They are sparse: an item without the key costs nothing there. */
  indexes?: Readonly<Record<string, { partition: Key; sort: Key; only?: readonly string[] }>>
  /** Attribute of epoch seconds after which DynamoDB forgets the item. */
  expires?: string
}

/** Every DynamoDB table of the platform: keys, indexes, expiry. All are on demand and recover to any second. */
export const tableShapes = {
  /** Fast state, one binary item a device. Never indexed: an index would double the one write of a commit. */
  State: { partition: ['thing', 'S'] },
  /** Sparkplug birth certificates: what an alias means, by edge node and device. */
  Births: { partition: ['thing', 'S'], sort: ['child', 'S'] },
  Registry: {
    partition: ['thing', 'S'],
    indexes: {
      byTrade: { partition: ['trade', 'S'], sort: ['thing', 'S'] },
      byGateway: { partition: ['gateway', 'S'], sort: ['thing', 'S'] },
      bySite: { partition: ['site', 'S'], sort: ['thing', 'S'] },
      byType: { partition: ['type', 'S'], sort: ['thing', 'S'] },
    },
  },
  /**
   * Commands (entry `command#<id>`), marks of the open ones (`open#<age>#<id>`) and actuators' last orders (`order#<name>`).
   * `due` says what comes at `dueAt`: the end of an open command, or of a lease.
   */
  Commands: {
    partition: ['thing', 'S'],
    sort: ['entry', 'S'],
    indexes: {
      byAge: { partition: ['thing', 'S'], sort: ['age', 'S'] },
      byDue: { partition: ['due', 'S'], sort: ['dueAt', 'N'] },
    },
    expires: 'forgetAt',
  },
  /** Jobs (entry `job`), their targets in order (entry `chunk#<n>` under `targets/<key>`), and targets that had left (entry `gone#<thing>`). What became of the others is with AWS IoT Jobs. */
  Jobs: {
    partition: ['job', 'S'],
    sort: ['entry', 'S'],
    indexes: {
      byAge: { partition: ['list', 'S'], sort: ['age', 'S'] },
      byStatus: { partition: ['status', 'S'], sort: ['age', 'S'] },
    },
  },
  /** Bearer tokens of machines, as hashes. */
  Tokens: { partition: ['id', 'S'], expires: 'forgetAt' },
  /** Certificates that end when the overlap of a rotation is over. */
  Retirements: {
    partition: ['fingerprint', 'S'],
    indexes: { byDue: { partition: ['due', 'S'], sort: ['dueAt', 'N'] } },
  },
  /** Members of groups (partition `g<group>`), and the groups' names (partition `#`). */
  Groups: {
    partition: ['group', 'S'],
    sort: ['thing', 'S'],
    indexes: { byThing: { partition: ['thing', 'S'], sort: ['group', 'S'] } },
  },
  /** Provisioning templates, claim certificates, and allow-lists (`allowed/<template>`), by name. */
  Provisioning: { partition: ['list', 'S'], sort: ['name', 'S'] },
  /** Sort key `version`: the key, `#`, and its zero-padded effectiveFrom, so that a query gives versions in order. */
  Config: { partition: ['kind', 'S'], sort: ['version', 'S'] },
  /** One item an alarm (entry `alarm`) and one an event of its history (entry `event#<at>#<id>`). */
  AlarmBook: {
    partition: ['alarm', 'S'],
    sort: ['entry', 'S'],
    indexes: {
      byState: { partition: ['state', 'S'], sort: ['transitionAt', 'N'] },
      byThing: { partition: ['thing', 'S'], sort: ['transitionAt', 'N'] },
    },
  },
  Quarantine: {
    partition: ['id', 'S'],
    indexes: {
      byStatus: { partition: ['status', 'S'], sort: ['receivedAt', 'N'] },
      byClient: { partition: ['client', 'S'], sort: ['receivedAt', 'N'] },
    },
    expires: 'expiresAt',
  },
  /** Dirty minutes that repair has to compute again. */
  Marks: { partition: ['thing', 'S'], sort: ['minute', 'S'] },
  /** How far jobs and the store have come, and which (job, minute) ran. */
  Progress: { partition: ['name', 'S'], sort: ['minute', 'S'], expires: 'expiresAt' },
  /** Which files make up a published day. */
  Manifest: { partition: ['table', 'S'], sort: ['day', 'S'] },
  Presence: { partition: ['thing', 'S'] },
  /** What stages and jobs found, for good. `owner` is type and thing; `long` is set for those that last over a week. */
  Facts: {
    partition: ['owner', 'S'],
    sort: ['key', 'S'],
    indexes: {
      byOwner: { partition: ['owner', 'S'], sort: ['at', 'N'] },
      byType: { partition: ['type', 'S'], sort: ['at', 'N'] },
      byLong: { partition: ['long', 'S'], sort: ['at', 'N'] },
    },
  },
  WorkOrders: {
    partition: ['id', 'S'],
    indexes: {
      byStatus: { partition: ['status', 'S'], sort: ['id', 'S'] },
      byThing: { partition: ['thing', 'S'], sort: ['id', 'S'] },
    },
  },
  /** Erasures (entry `erasure`) by hash of the device's name, and places of the lake that wait (entry `place#…`). */
  Erasures: {
    partition: ['id', 'S'],
    sort: ['entry', 'S'],
    indexes: { byOpen: { partition: ['open', 'S'], sort: ['requestedAt', 'N'] } },
    expires: 'forgetAt',
  },
  /** Append-only: `about` is the subject where there is one, since an index takes no empty key. */
  Audit: {
    partition: ['day', 'S'],
    sort: ['id', 'S'],
    indexes: { bySubject: { partition: ['about', 'S'], sort: ['id', 'S'] } },
  },
} as const satisfies Record<string, Shape>

/** AWS: scaling keeps what is used at this share of what is paid for; below it there is room for a burst. */
const TARGET_UTILIZATION_PERCENT = 70

function billingOf(state: Deployment['state']): Billing {
  if (state.mode === 'onDemand') return Billing.onDemand()
  const capacity = Capacity.autoscaled({
    minCapacity: state.minUnits,
    maxCapacity: state.maxUnits,
    targetUtilizationPercent: TARGET_UTILIZATION_PERCENT,
  })
  return Billing.provisioned({ readCapacity: capacity, writeCapacity: capacity })
}

export type TableName = keyof typeof tableShapes

const attribute = ([name, type]: Key) => ({
  name,
  type: type === 'S' ? AttributeType.STRING : AttributeType.NUMBER,
})

export class Tables extends Construct {
  readonly of: Readonly<Record<TableName, ITableV2>>

  constructor(
    scope: Construct,
    id: string,
    props: { removalPolicy: RemovalPolicy; state: Deployment['state']; ops: Operations },
  ) {
    super(scope, id)
    const entries = Object.entries(tableShapes).map(([name, shape]: [string, Shape]) => {
      const table = new TableV2(this, name, {
        partitionKey: attribute(shape.partition),
        ...(shape.sort && { sortKey: attribute(shape.sort) }),
        ...(shape.expires && { timeToLiveAttribute: shape.expires }),
        globalSecondaryIndexes: Object.entries(shape.indexes ?? {}).map(([indexName, index]) => ({
          indexName,
          partitionKey: attribute(index.partition),
          sortKey: attribute(index.sort),
        })),
        billing: name === 'State' ? billingOf(props.state) : Billing.onDemand(),
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        deletionProtection: props.removalPolicy === RemovalPolicy.RETAIN,
        removalPolicy: props.removalPolicy,
      })
      raiseAlarm(this, `${name}Throttled`, props.ops, {
        metric: table.metric('ThrottledRequests', { period: MINUTE, statistic: 'sum' }),
        description: `table ${name} refuses requests: one hot key, or the account's table quota`,
        threshold: 1,
        minutes: 3,
      })
      return [name, table as ITableV2] as const
    })
    this.of = Object.fromEntries(entries) as Record<TableName, ITableV2>
  }
}
