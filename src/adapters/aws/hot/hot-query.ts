import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { HotTelemetry } from './hot-store.ts'

const questions = ['readings', 'windows', 'anomalies'] as const
type Question = (typeof questions)[number]

interface HotQuery {
  question: Question
  query: unknown
}

/** Answers a question that `hotQueryReader` put. */
export async function answerHotQuery(reader: HotTelemetry, event: unknown): Promise<unknown> {
  const { question, query } = (event ?? {}) as Partial<HotQuery>
  if (question === undefined || !questions.includes(question))
    throw new Error(`unknown question ${String(question)}: allowed are ${questions.join(', ')}`)
  return (reader[question] as (query: unknown) => Promise<unknown>)(query)
}

/** The hot store, asked through the function that is in its network. AWS: an answer has at most 6 MB. */
export function hotQueryReader(lambda: Pick<LambdaClient, 'send'>, functionName: string): HotTelemetry {
  async function ask<T>(question: Question, query: unknown): Promise<T> {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: functionName,
        Payload: JSON.stringify({ question, query } satisfies HotQuery),
      }),
    )
    const answer = Buffer.from(Payload ?? []).toString()
    if (FunctionError !== undefined)
      throw new Error(`the hot store could not be read: ${answer.slice(0, 300)}`)
    return JSON.parse(answer) as T
  }
  return {
    readings: async (range) => ask('readings', range),
    windows: async (range) => ask('windows', range),
    anomalies: async (query) => ask('anomalies', query),
  }
}
