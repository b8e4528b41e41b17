import * as z from 'zod'
import { actuatorSchema } from './actuator-schema.ts'
import { rulesSchema } from './rule-schema.ts'
import { label, measuresSchema, trade } from './schemas.ts'

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
export const deviceTypeInputSchema = z.strictObject(typeShape).meta({ id: 'DeviceTypeInput' })
