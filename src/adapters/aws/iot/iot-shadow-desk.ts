import {
  DeleteThingShadowCommand,
  GetThingShadowCommand,
  ListNamedShadowsForThingCommand,
  UpdateThingShadowCommand,
} from '@aws-sdk/client-iot-data-plane'
import { isJsonObject, type JsonObject } from '../../../core/device/json.ts'
import {
  isShadowError,
  parseShadowUpdate,
  updateShadow,
  type ShadowError,
} from '../../../core/device/shadow.ts'
import type { ShadowDesk } from '../../../ports/shadow-desk.ts'
import type { IotData } from './iot-data.ts'

/** How IoT Core's data plane names what it refuses. */
const codes: Readonly<Record<string, ShadowError['code']>> = {
  InvalidRequestException: 400,
  ResourceNotFoundException: 404,
  ConflictException: 409,
  RequestEntityTooLargeException: 413,
}
const utf8 = { encode: new TextEncoder(), decode: new TextDecoder() }

/** Shadows where IoT Core keeps them. It tells the devices by itself. */
export function iotShadowDesk(data: IotData): ShadowDesk {
  const about = (thing: string, shadow: string) => ({
    thingName: thing,
    ...(shadow !== '' && { shadowName: shadow }),
  })

  async function answered(
    work: Promise<{ payload?: Uint8Array | undefined }>,
  ): Promise<JsonObject | ShadowError> {
    // prettier-ignore
    try {
      const { payload } = await work
      return JSON.parse(utf8.decode.decode(payload ?? utf8.encode.encode('{}'))) as JsonObject
    } catch (error) {
      const code = error instanceof Error ? codes[error.name] : undefined
      if (code === undefined) throw error
      return { code, message: messageOf(error as Error) }
    }
  }

  return {
    get: async (thing, shadow, clientToken) => {
      const found = await answered(data.send(new GetThingShadowCommand(about(thing, shadow))))
      return 'code' in found || clientToken === undefined ? found : { ...found, clientToken }
    },
    update: async (thing, shadow, body) => {
      const parsed = parseShadowUpdate(body)
      if (isShadowError(parsed)) return parsed
      // Too large whatever it meets: not worth the way.
      const alone = updateShadow(null, 0, { state: parsed.state }, 0)
      if (isShadowError(alone)) return alone
      const payload = utf8.encode.encode(JSON.stringify(body))
      return answered(data.send(new UpdateThingShadowCommand({ ...about(thing, shadow), payload })))
    },
    remove: async (thing, shadow) => answered(data.send(new DeleteThingShadowCommand(about(thing, shadow)))),
    names: async (thing) => {
      const named: string[] = []
      let token: string | undefined
      do {
        const page = await data.send(
          new ListNamedShadowsForThingCommand({
            thingName: thing,
            ...(token !== undefined && { nextToken: token }),
          }),
        )
        named.push(...(page.results ?? []))
        token = page.nextToken
      } while (token !== undefined)
      const classic = await answered(data.send(new GetThingShadowCommand(about(thing, ''))))
      return [...('code' in classic ? [] : ['']), ...named.sort()]
    },
  }
}

/** The service answers with its error document as the message, or with a sentence. */
function messageOf({ message }: Error): string {
  try {
    const document: unknown = JSON.parse(message)
    return isJsonObject(document) && typeof document['message'] === 'string' ? document['message'] : message
  } catch {
    return message
  }
}
