import { dynamoCommandBook } from '../../../src/adapters/aws/dynamo/dynamo-command-book.ts'
import { dynamoGroups } from '../../../src/adapters/aws/dynamo/dynamo-groups.ts'
import { dynamoDouble } from '../../aws/dynamo-double.ts'
import { commandBookContract } from '../../contracts/command-book.ts'
import { groupsContract } from '../../contracts/groups.ts'

groupsContract('DynamoDB', () => Promise.resolve(dynamoGroups(dynamoDouble().client, 'Groups')))
commandBookContract('DynamoDB', () => dynamoCommandBook(dynamoDouble().client, 'Commands'))
