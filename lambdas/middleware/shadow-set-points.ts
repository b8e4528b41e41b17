import { iotShadowDesk } from '../../src/adapters/aws/iot/iot-shadow-desk.ts'
import type { IotData } from '../../src/adapters/aws/iot/iot-data.ts'
import type { ShadowDocument } from '../../src/core/device/shadow.ts'
import { isRefusal } from '../../src/pipeline/devices/shadow-desk.ts'
import { shadowSetPoints } from '../../src/pipeline/devices/shadow-set-points.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { SetPointDesk } from '../../src/ports/set-point-desk.ts'

/** Set-points as desired state of IoT Core's shadows. */
export function iotSetPoints(data: IotData, clock: Pick<Clock, 'now'>): SetPointDesk {
  const shadows = iotShadowDesk(data)
  return shadowSetPoints({
    shadows,
    store: {
      read: async (thing, shadow) => {
        const found = await shadows.get(thing, shadow)
        if (!isRefusal(found)) return found as unknown as ShadowDocument
        if (found.code === 404) return null
        throw new Error(`the shadow of ${thing} cannot be read: ${found.message}`)
      },
    },
    clock,
  })
}
