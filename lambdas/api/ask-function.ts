import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { ApiProblem } from '../../src/api/problem.ts'

export type Functions = Pick<LambdaClient, 'send'>

/** AWS: what a function is asked, and what it answers, has at most 6 MB. */
const MOST_BYTES = 6 * 1024 * 1024
/** API Gateway gives up after 29 s. */
const PATIENCE_MS = 27_000

/** Asks another function and waits for its answer, as far as a request can. Throws where it fails. */
export async function askFunction(functions: Functions, name: string, asked: unknown, waitsFor: string): Promise<unknown> {
  const payload = JSON.stringify(asked)
  if (Buffer.byteLength(payload) > MOST_BYTES) throw new ApiProblem('too_much', 'this is more than AWS takes at once: select fewer') // prettier-ignore
  const patience = AbortSignal.timeout(PATIENCE_MS)
  try {
    const { FunctionError, Payload } = await functions.send(
      new InvokeCommand({ FunctionName: name, Payload: payload }),
      { abortSignal: patience },
    )
    const answer = Buffer.from(Payload ?? []).toString()
    if (FunctionError !== undefined) throw new Error(`${waitsFor}: ${name} failed: ${answer.slice(0, 300)}`)
    return JSON.parse(answer === '' ? 'null' : answer) as unknown
  } catch (error) {
    if (patience.aborted) throw new ApiProblem('takes_longer', `${waitsFor} takes longer than ${PATIENCE_MS / 1000} s`) // prettier-ignore
    throw error
  }
} // prettier-ignore
