import type { IotData } from '../../src/adapters/aws/iot/iot-command-desk.ts'
import { iotShadowDesk } from '../../src/adapters/aws/iot/iot-shadow-desk.ts'
import { iotShadowReader } from '../../src/adapters/aws/iot/iot-shadow-reader.ts'
import { shadowSetPoints } from '../../src/pipeline/devices/shadow-set-points.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { SetPointDesk } from '../../src/ports/set-point-desk.ts'

/** Set-points as desired state of plants' shadows in IoT Core. */
export function iotSetPoints(data: IotData, clock: Clock): SetPointDesk {
  const shadows = iotShadowDesk(data)
  return shadowSetPoints({ shadows, store: iotShadowReader(shadows), clock })
}
