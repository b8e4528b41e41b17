import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { deskQuestions, type Asked, type Desk } from '../desk/ask.ts'

/** AWS: what a function is asked, and what it answers, has at most 6 MB. */
const MOST_BYTES = 6 * 1024 * 1024

/** The parts of the desk that a function of their own answers for: it remembers how everybody stands, and may take longer. */
export function remoteDesk(lambda: Pick<LambdaClient, 'send'>, functionName: string): Desk {
  async function ask(asked: Asked): Promise<unknown> {
    const payload = JSON.stringify(asked)
    if (Buffer.byteLength(payload) > MOST_BYTES)
      throw Object.assign(new Error('the list of devices is longer than AWS takes at once: select fewer'), { name: 'TooMuch' }) // prettier-ignore
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: payload }),
    )
    const answer = Buffer.from(Payload ?? []).toString()
    if (FunctionError !== undefined)
      throw new Error(`the desk could not answer ${asked.part}.${asked.question}: ${answer.slice(0, 300)}`)
    return JSON.parse(answer === '' ? 'null' : answer) as unknown
  }
  const parts = Object.entries(deskQuestions).map(([part, questions]) => [
    part,
    Object.fromEntries(
      questions.map((question) => [question, async (...given: unknown[]) => ask({ part, question, given })]),
    ),
  ])
  return {
    ...Object.fromEntries(parts),
    nearest: async (query: unknown) => ask({ part: 'nearest', question: 'nearest', given: [query] }),
  } as Desk
}
