import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { APIGatewayTokenAuthorizerEvent } from 'aws-lambda'
import { dynamoTokens } from '../../src/adapters/aws/people/dynamo-tokens.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { observed } from '../middleware/observed.ts'
import { admitToken } from './admit-token.ts'
import { parseEnv } from './env.ts'

const { TOKENS_TABLE } = parseEnv(process.env)
const tokens = dynamoTokens(new DynamoDBClient(), TOKENS_TABLE, systemClock())

/** API Gateway's question before a machine's request reaches the API. */
export const handler = observed(
  () => async (event: APIGatewayTokenAuthorizerEvent) => admitToken(tokens, event),
)
