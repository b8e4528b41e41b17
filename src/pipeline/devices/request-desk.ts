import type { Refusal } from '../../core/device/request-refusal.ts'
import type { DeviceRequest } from '../../core/alarm/transition.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CommandDesk, RequestDesk } from '../../ports/command-desk.ts'

/** Answers one kind of request with what the command is to carry, or with a refusal. */
export type Answerer = (request: DeviceRequest) => Promise<unknown>

/** A device that waits longer has asked again. */
const ANSWER_MS = 10 * 60_000

/** Answers devices by commands of the request's own name, whose ids derive from the request's. */
export function createRequestDesk(ports: {
  answerers: Readonly<Record<string, Answerer>>
  commands: CommandDesk
  clock: Clock
}): RequestDesk {
  const { answerers, commands, clock } = ports

  async function payloadFor(request: DeviceRequest): Promise<unknown> {
    const refuse = (code: Refusal['code'], error: string): Refusal => ({ code, error })
    const answerer = Object.hasOwn(answerers, request.name) ? answerers[request.name] : undefined
    if (!answerer) return refuse('unknown_request', `nothing answers requests named ${request.name}`)
    try {
      return await answerer(request)
    } catch (error) {
      return refuse('failed', (error as Error).message)
    }
  }

  return {
    answer: async (requests) => {
      const answers = requests.map(async (request) => ({
        id: `answer/${request.id}`,
        thing: request.thing,
        name: request.name,
        payload: await payloadFor(request),
        expiresAt: clock.now() + ANSWER_MS,
        atMostOnce: false,
      }))
      await commands.accept(await Promise.all(answers))
    },
  }
}
