import { GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import {
  AddThingToThingGroupCommand,
  CancelJobCommand,
  CreateJobCommand,
  CreateThingGroupCommand,
  DeleteThingGroupCommand,
  DescribeJobCommand,
  DescribeThingGroupCommand,
  ListJobExecutionsForJobCommand,
  type JobProcessDetails,
} from '@aws-sdk/client-iot'
import type { ExecutionStatus, JobExecution } from '../../../core/device/job-execution.ts'
import type { Job, JobProgress, JobStore } from '../../../ports/job-desk.ts'
import { inParallel } from '../back-off.ts'
import { isConflict, number, numberOrNull, padded, text, textOrNull, toItem, type Dynamo, type Item } from '../dynamo/item.ts' // prettier-ignore
import { jobTargets } from '../dynamo/job-targets.ts'
import { queryAll } from '../dynamo/read-all.ts'
import type { Iot } from './iot-credentials.ts'
import { toExecution } from './to-execution.ts'

type Fixed = Omit<Job, 'id' | keyof JobProgress>

export interface IotJobStoreParts {
  dynamo: Dynamo
  table: string
  iot: Iot
  /** IoT Core's control plane takes a hundred joins a second; a sweep goes on a minute later where a release stopped. */
  joinsARelease: number
}

const JOINS_AT_ONCE = 16
const EXECUTIONS_A_PAGE = 250
const MINUTE_MS = 60_000
/** AWS: a week. */
const MOST_MINUTES = 10_080

const is = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name)
const groupOf = (id: string): string => `telltale-job-${id}`

/**
 * Jobs in DynamoDB, their executions in AWS IoT Jobs, which speaks with the devices by itself: a job is one continuous
 * job on a thing group of its own, and a cohort is released by letting its things join the group.
 */
export function iotJobStore({ dynamo, table, iot, joinsARelease }: IotJobStoreParts): JobStore {
  const keyOf = (id: string): Item => toItem({ job: id, entry: 'job' })
  const targets = jobTargets(dynamo, table)

  async function groupArn(id: string): Promise<string> {
    const about = { thingGroupName: groupOf(id) }
    try {
      return (await iot.send(new CreateThingGroupCommand(about))).thingGroupArn!
    } catch (error) {
      if (!is(error, 'ResourceAlreadyExistsException')) throw error
      return (await iot.send(new DescribeThingGroupCommand(about))).thingGroupArn!
    }
  }

  /** The group and the job on it; there already where a release is repeated. */
  async function begin({ id, document, timeoutMs }: Job): Promise<void> {
    const targets = [await groupArn(id)]
    const minutes = timeoutMs === null ? null : Math.min(MOST_MINUTES, Math.max(1, Math.ceil(timeoutMs / MINUTE_MS))) // prettier-ignore
    try {
      await iot.send(
        new CreateJobCommand({
          jobId: id,
          targets,
          targetSelection: 'CONTINUOUS',
          document: JSON.stringify(document),
          ...(minutes !== null && { timeoutConfig: { inProgressTimeoutInMinutes: minutes } }),
        }),
      )
    } catch (error) {
      if (!is(error, 'ResourceAlreadyExistsException')) throw error
    }
  }

  async function join(id: string, thing: string): Promise<void> {
    try {
      await iot.send(new AddThingToThingGroupCommand({ thingGroupName: groupOf(id), thingName: thing }))
    } catch (error) {
      if (!is(error, 'ResourceNotFoundException')) throw error
      // The device has left the registry since the job was made: it counts as removed.
      await dynamo.send(
        new PutItemCommand({ TableName: table, Item: toItem({ job: id, entry: `gone#${thing}` }) }),
      )
    }
  }

  /** Nothing of it is offered to a device any more; what was finished stays known for AWS's ninety days. */
  async function end(id: string): Promise<void> {
    try {
      await iot.send(new CancelJobCommand({ jobId: id, force: true, reasonCode: 'ENDED' }))
    } catch (error) {
      if (!is(error, 'ResourceNotFoundException', 'InvalidRequestException', 'InvalidStateTransitionException')) throw error // prettier-ignore
    }
    // A thing can belong to ten groups.
    await iot.send(new DeleteThingGroupCommand({ thingGroupName: groupOf(id) }))
  }

  async function executions(
    id: string,
    { status, cursor, limit }: { status?: ExecutionStatus; cursor?: string; limit: number },
  ): Promise<{ items: JobExecution[]; cursor: string | null }> {
    try {
      const page = await iot.send(
        new ListJobExecutionsForJobCommand({
          jobId: id,
          maxResults: Math.min(limit, EXECUTIONS_A_PAGE),
          ...(status !== undefined && { status }),
          ...(cursor !== undefined && { nextToken: cursor }),
        }),
      )
      const items = (page.executionSummaries ?? []).map((summary) => toExecution(id, summary))
      return { items, cursor: page.nextToken ?? null }
    } catch (error) {
      if (is(error, 'ResourceNotFoundException')) return { items: [], cursor: null } // not begun
      throw error
    }
  }

  async function* thingsWith(id: string, status: ExecutionStatus): AsyncGenerator<string> {
    let cursor: string | null | undefined
    do {
      const page = await executions(id, { status, limit: EXECUTIONS_A_PAGE, ...(cursor && { cursor }) })
      for (const { thing } of page.items) yield thing
      cursor = page.cursor
    } while (cursor)
  }

  const listed = (index: string, key: string, value: string, before: string) =>
    queryAll(dynamo, {
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#k = :k AND age < :a',
      ExpressionAttributeNames: { '#k': key },
      ExpressionAttributeValues: { ':k': { S: value }, ':a': { S: before } },
      ScanIndexForward: false,
    })

  async function get(id: string): Promise<Job | null> {
    const { Item: item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: keyOf(id), ConsistentRead: true }),
    )
    return item ? toJob(item) : null
  }

  return {
    create: async (job, things) => {
      if (await get(job.id)) return false
      const targetsKey = await targets.put(things)
      const { id, status, released, finishedAt, excused, reason, ...fixed } = job
      const item = { ...keyOf(id), ...toItem({ status, released, finishedAt, excused, reason, fixed: JSON.stringify(fixed), targetsKey, list: 'job', age: ageOf(job) }) } // prettier-ignore
      try {
        await dynamo.send(
          new PutItemCommand({
            TableName: table,
            Item: item,
            ConditionExpression: 'attribute_not_exists(job)',
          }),
        )
        return true
      } catch (error) {
        if (isConflict(error)) return false
        throw error
      }
    },
    get,
    list: async ({ cursor, limit }) => {
      const from = cursor === undefined ? null : await get(cursor)
      const found: Job[] = []
      for await (const item of listed('byAge', 'list', 'job', from ? ageOf(from) : '~'))
        if (found.push(toJob(item)) === limit) break
      return found
    },
    running: async () => {
      const found: Job[] = []
      for await (const item of listed('byStatus', 'status', 'running', '~')) found.push(toJob(item))
      return found.reverse()
    },
    save: async (from, to) => {
      const set = { status: to.status, released: to.released, excused: to.excused, finishedAt: to.finishedAt, reason: to.reason } // prettier-ignore
      const given = Object.entries(set).filter(([, value]) => value !== null)
      const absent = Object.entries(set).flatMap(([name, value]) => (value === null ? [`#${name}`] : []))
      try {
        await dynamo.send(
          new UpdateItemCommand({
            TableName: table,
            Key: keyOf(from.id),
            UpdateExpression: `SET ${given.map(([name]) => `#${name} = :${name}`).join(', ')}${absent.length > 0 ? ` REMOVE ${absent.join(', ')}` : ''}`,
            ConditionExpression: `#status = :was AND #released = :had AND #excused = :knew AND ${from.finishedAt === null ? 'attribute_not_exists(#finishedAt)' : '#finishedAt = :since'}`,
            ExpressionAttributeNames: Object.fromEntries(Object.keys(set).map((name) => [`#${name}`, name])),
            ExpressionAttributeValues: {
              ...Object.fromEntries(Object.entries(toItem(Object.fromEntries(given))).map(([name, value]) => [`:${name}`, value])), // prettier-ignore
              ':was': { S: from.status },
              ':had': { N: String(from.released) },
              ':knew': { N: String(from.excused) },
              ...(from.finishedAt !== null && { ':since': { N: String(from.finishedAt) } }),
            },
          }),
        )
      } catch (error) {
        if (isConflict(error)) return false
        throw error
      }
      // AWS would wait for further things for ever.
      if (to.status === 'completed' && from.status !== 'completed') await end(from.id)
      return true
    },
    release: async (job, from, upTo) => {
      await begin(job)
      const things: string[] = []
      const most = Math.min(upTo, from + joinsARelease)
      if (most > from) for await (const thing of targets.of(job.id, from, most)) things.push(thing)
      await inParallel(things, JOINS_AT_ONCE, async (thing) => join(job.id, thing))
      return things
    },
    counts: async (id) => {
      const gone = await countGone(id)
      const counts = await processDetails(id)
      return { ...counts, ...(gone > 0 && { REMOVED: (counts.REMOVED ?? 0) + gone }) }
    },
    executions,
    cancel: async (id) => {
      const things: string[] = []
      for (const status of ['QUEUED', 'IN_PROGRESS'] as const)
        for await (const thing of thingsWith(id, status)) things.push(thing)
      await end(id)
      return things
    },
  }

  async function countGone(id: string): Promise<number> {
    const { Count = 0 } = await dynamo.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'job = :j AND begins_with(#e, :p)',
        ExpressionAttributeNames: { '#e': 'entry' },
        ExpressionAttributeValues: { ':j': { S: id }, ':p': { S: 'gone#' } },
        ConsistentRead: true,
        Select: 'COUNT',
      }),
    )
    return Count
  }

  async function processDetails(id: string): Promise<Partial<Record<ExecutionStatus, number>>> {
    try {
      const { job } = await iot.send(new DescribeJobCommand({ jobId: id }))
      const details = job?.jobProcessDetails ?? {}
      return Object.fromEntries(countFields.flatMap(([status, field]) => (details[field] ? [[status, details[field]]] : []))) // prettier-ignore
    } catch (error) {
      if (is(error, 'ResourceNotFoundException')) return {} // not begun
      throw error
    }
  }
}

const countFields = [
  ['QUEUED', 'numberOfQueuedThings'],
  ['IN_PROGRESS', 'numberOfInProgressThings'],
  ['SUCCEEDED', 'numberOfSucceededThings'],
  ['FAILED', 'numberOfFailedThings'],
  ['TIMED_OUT', 'numberOfTimedOutThings'],
  ['REJECTED', 'numberOfRejectedThings'],
  ['REMOVED', 'numberOfRemovedThings'],
  ['CANCELED', 'numberOfCanceledThings'],
] as const satisfies readonly [ExecutionStatus, keyof JobProcessDetails][]

const ageOf = ({ createdAt, id }: Pick<Job, 'createdAt' | 'id'>): string => `${padded(createdAt)}#${id}`

const toJob = (item: Item): Job => ({
  ...(JSON.parse(text(item, 'fixed')) as Fixed),
  id: text(item, 'job'),
  status: text(item, 'status') as Job['status'],
  released: number(item, 'released'),
  finishedAt: numberOrNull(item, 'finishedAt'),
  excused: number(item, 'excused'),
  reason: textOrNull(item, 'reason'),
})
