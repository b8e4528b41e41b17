import { deskQuestions, type Desk } from '../desk/ask.ts'
import { askFunction, type Functions } from './ask-function.ts'

/** The parts of the desk that a function of their own answers for: it remembers how everybody stands, and may take longer. */
export function remoteDesk(functions: Functions, functionName: string): Desk {
  const ask = async (part: string, question: string, given: unknown[]): Promise<unknown> =>
    askFunction(functions, functionName, { part, question, given }, `${part}.${question}`)
  const parts = Object.entries(deskQuestions).map(([part, questions]) => [
    part,
    Object.fromEntries(
      questions.map((question) => [question, async (...given: unknown[]) => ask(part, question, given)]),
    ),
  ])
  return {
    ...Object.fromEntries(parts),
    nearest: async (query: unknown) => ask('nearest', 'nearest', [query]),
  } as Desk
}
