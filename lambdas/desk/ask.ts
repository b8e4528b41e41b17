import type { DeviceDesk } from '../../src/ports/device-desk.ts'

/** What the API leaves to the desk's function, by part and question. */
export const deskQuestions = {
  status: ['of', 'list', 'counts'],
  jobs: ['create', 'get', 'list', 'executions', 'pause', 'resume', 'cancel', 'rollBack'],
  provisioning: [
    'templates',
    'putTemplate',
    'claims',
    'createClaim',
    'revokeClaim',
    'allow',
    'allowed',
    'disallow',
  ],
} as const satisfies { [K in keyof DeviceDesk]?: readonly (keyof DeviceDesk[K])[] }

/** The desk's parts that are asked here. */
export type Desk = Pick<DeviceDesk, keyof typeof deskQuestions | 'nearest'>

/** One question; `nearest` is a part and a question at once. */
export interface Asked {
  part: string
  question: string
  given: unknown[]
}

/** Answers what `remoteDesk` asks. */
export async function answerDesk(desk: Desk, { part, question, given }: Asked): Promise<unknown> {
  if (part === 'nearest') return desk.nearest(...(given as Parameters<Desk['nearest']>))
  const questions: readonly string[] = Object.hasOwn(deskQuestions, part) ? deskQuestions[part as keyof typeof deskQuestions] : [] // prettier-ignore
  if (!questions.includes(question)) throw new Error(`the desk knows no ${part}.${question}`)
  const asked = desk[part as keyof typeof deskQuestions] as unknown as Record<string, (...given: unknown[]) => Promise<unknown>> // prettier-ignore
  return asked[question]!(...given)
}
