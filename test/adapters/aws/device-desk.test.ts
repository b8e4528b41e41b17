import { dynamoGroups } from '../../../src/adapters/aws/dynamo/dynamo-groups.ts'
import { dynamoDouble } from '../../aws/dynamo-double.ts'
import { groupsContract } from '../../contracts/groups.ts'

groupsContract('DynamoDB', () => Promise.resolve(dynamoGroups(dynamoDouble().client, 'Groups')))
