import * as z from 'zod'
import { ruleFigures, ruleLimits, type Figure } from '../core/alarm/rule.ts'
import { isMeasureName } from '../core/telemetry/limits.ts'
import { severity } from './schemas.ts'

const measure = z.string().refine(isMeasureName, { error: 'is no measure name' })
const figure = z
  .enum(ruleFigures as [Figure, ...Figure[]])
  .exactOptional()
  .meta({ description: 'Which figure of the closed minute is compared; its mean unless told.' })
const condition = z
  .union([
    z.strictObject({ measure, above: z.number(), figure }),
    z.strictObject({ measure, below: z.number(), figure }),
    z.strictObject({ measure, missing: z.literal(true) }),
  ])
  .meta({
    id: 'RuleCondition',
    description:
      'One measure of a closed minute; a name without `@instance` stands for all of its instances. `missing` holds while the device speaks and this measure is not among what it says.',
  })
const conditions = z.array(condition).min(1).max(ruleLimits.conditions)
const minutes = z.int().min(1).max(ruleLimits.minutes)

export const ruleSchema = z
  .strictObject({
    when: z.union([condition, z.strictObject({ all: conditions }), z.strictObject({ any: conditions })]),
    forMinutes: minutes.default(1).meta({ description: 'So many closed minutes in a row; those without a value are passed over.', default: 1 }), // prettier-ignore
    clearAfterMinutes: minutes.default(1).meta({ description: 'So many in a row that say the opposite.', default: 1 }), // prettier-ignore
    severity,
    text: z.string().min(1).max(200).exactOptional().meta({ description: 'What it means, for people.' }),
  })
  .meta({ id: 'Rule' })

export const rulesSchema = z
  .record(z.string().regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, _ or -' }), ruleSchema)
  .refine((record) => Object.keys(record).length <= ruleLimits.rulesPerType, {
    error: `at most ${ruleLimits.rulesPerType} rules`,
  })
