import * as z from 'zod'
import { actuatorSchema } from './actuator-schema.ts'
import { rulesSchema } from './rule-schema.ts'
import { label, measuresSchema, repeatsPath, trade } from './schemas.ts'

const typeShape = {
  trade,
  measures: measuresSchema,
  expectedIntervalMs: z.number().positive().exactOptional(),
  rules: rulesSchema.exactOptional(),
  actuators: z.record(label, actuatorSchema).exactOptional(),
}
export const deviceTypeSchema = z
  .strictObject({ name: label, version: z.int(), ...typeShape })
  .meta({ id: 'DeviceType' })
export const deviceTypeInputSchema = z
  .strictObject({
    name: label.exactOptional().meta({ description: repeatsPath }),
    version: z
      .int()
      .exactOptional()
      .meta({ description: 'The one that was read; the next one is given all the same.' }),
    ...typeShape,
  })
  .meta({ id: 'DeviceTypeInput' })
