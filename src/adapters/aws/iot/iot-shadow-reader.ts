import type { ShadowDocument, ShadowError } from '../../../core/device/shadow.ts'
import type { ShadowDesk, ShadowStore } from '../../../ports/shadow-desk.ts'

/** A shadow as a document, null where there is none, of a desk that answers as IoT Core does. */
export function iotShadowReader(shadows: Pick<ShadowDesk, 'get'>): Pick<ShadowStore, 'read'> {
  return {
    read: async (thing, shadow) => {
      const answer = await shadows.get(thing, shadow)
      if (!('code' in answer)) return answer as unknown as ShadowDocument
      const { code, message } = answer as ShadowError
      if (code === 404) return null
      throw new Error(`shadow ${shadow} of ${thing} could not be read: ${message}`)
    },
  }
}
