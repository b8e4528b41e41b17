import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { JobLedger } from '../../../ports/job-ledger.ts'
import { isConflict, number, toItem, type Dynamo } from '../dynamo/item.ts'

/** Which minute each job has finished, in the table of progress. */
export function dynamoJobLedger(dynamo: Dynamo, table: string): JobLedger {
  const key = (job: string) => toItem({ name: `job/${job}`, minute: 'last' })
  return {
    last: async (job) => {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: table, Key: key(job), ConsistentRead: true }),
      )
      return item ? number(item, 'value') : null
    },
    finish: async (job, minute) => {
      try {
        await dynamo.send(
          new UpdateItemCommand({
            TableName: table,
            Key: key(job),
            UpdateExpression: 'SET #v = :v',
            ConditionExpression: 'attribute_not_exists(#v) OR #v < :v',
            ExpressionAttributeNames: { '#v': 'value' },
            ExpressionAttributeValues: { ':v': { N: String(minute) } },
          }),
        )
      } catch (error) {
        if (!isConflict(error)) throw error // a later minute is finished
      }
    },
  }
}
