import * as z from 'zod'
import { severities } from '../core/alarm/transition.ts'
import { reasons, type Reason } from '../core/telemetry/errors.ts'
import { isMeasureName, isThingName, limits } from '../core/telemetry/limits.ts'
import { qualityNames, trades } from '../core/telemetry/reading.ts'
import { apiLimits } from './limits.ts'

/** Whole numbers in a query are texts of digits; "1e3", "0x10" and " 5" are refused rather than guessed at. */
export const whole = (min: number, max: number) =>
  z.preprocess(
    (text) => (typeof text === 'string' && /^-?\d{1,15}$/.test(text) ? Number(text) : text),
    z
      .int({ error: 'must be a whole number' })
      .min(min, { error: `must be at least ${min}` })
      .max(max, { error: `must be at most ${max}` }),
  )

export const limitParameter = (fallback: number, max: number = apiLimits.pageSize) =>
  whole(1, max)
    .default(fallback)
    .meta({ description: `Items on a page; ${fallback} unless told.`, default: fallback })

export const timeParameter = z
  .union(
    [
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
      whole(limits.earliestAt, limits.latestAt),
    ],
    { error: 'must be RFC 3339 with an offset, or epoch milliseconds between the years 2000 and 2100' },
  )
  .refine((at) => at >= limits.earliestAt && at <= limits.latestAt, {
    error: 'must lie between the years 2000 and 2100',
  })
  .meta({ description: 'RFC 3339 with an offset, or epoch milliseconds.' })

export const cursorParameter = z
  .string()
  .max(2048)
  .optional()
  .meta({ description: 'From the page before; opaque.' })

export const rangeParameters = {
  from: timeParameter.optional().meta({ description: 'Start, included. One hour before `to` unless told.' }),
  to: timeParameter.optional().meta({ description: 'End, excluded. Now unless told.' }),
}

export const thingName = z
  .string()
  .refine(isThingName, { error: 'must be 1 to 128 letters, digits, _ : or -' })
  .meta({ description: 'The device’s name: client id, certificate CN and IoT thing name.' })
export const thingParams = z.strictObject({ thing: thingName })

const measureName = z.string().refine(isMeasureName, { error: 'is no measure name' })
/** Comma-separated names in one parameter. */
export const namesParameter = (name: z.ZodType<string, string>, description: string) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(name).min(1).max(apiLimits.namesPerQuery))
    .meta({ description })
export const measuresParameter = namesParameter(measureName, 'Measures, comma-separated; all unless told.')

export const label = z.string().min(1).max(limits.nameLength)
export const trade = z.enum(trades as ['plant', 'fleet', 'building'])
export const severity = z.enum(severities as ['warning', 'minor', 'major', 'critical'])
export const deviceStatus = z.enum(['active', 'suspended', 'retired'])
export const quality = z.enum(qualityNames as [(typeof qualityNames)[number]])
export const reason = z.enum(Object.keys(reasons) as [Reason])
export const quarantineStatus = z.enum(['open', 'replayed', 'discarded'])
export const epochMs = z.number().meta({ description: 'Epoch milliseconds.' })

export const pageSchema = (item: z.ZodType) =>
  z.object({
    items: z.array(item),
    cursor: z.string().nullable(),
    next: z.string().nullable().meta({ description: 'Path and query of the next page, null on the last.' }),
  })

const measureTypeShape = {
  unit: z.string().min(1).max(limits.nameLength).exactOptional(),
  kind: z.enum(['gauge', 'counter', 'state']).exactOptional(),
  low: z.number().exactOptional(),
  high: z.number().exactOptional(),
  deadband: z.number().min(0).exactOptional(),
  ratePerSecond: z.number().positive().exactOptional(),
  stuckAfter: z.int().min(0).exactOptional(),
  zLimit: z.number().min(0).exactOptional(),
  zRun: z.int().min(1).exactOptional(),
  severity: z
    .strictObject({
      limit: severity.exactOptional(),
      rate: severity.exactOptional(),
      stuck: severity.exactOptional(),
      z: severity.exactOptional(),
    })
    .exactOptional(),
}
export const measureTypeSchema = z
  .strictObject(measureTypeShape)
  .refine(({ low, high }) => low === undefined || high === undefined || low < high, {
    error: 'low must lie below high',
    path: ['low'],
  })
  .meta({ id: 'MeasureType' })

export const measuresSchema = z
  .record(measureName, measureTypeSchema)
  .refine((record) => Object.keys(record).length <= limits.measuresPerDevice, {
    error: `at most ${limits.measuresPerDevice} measures`,
  })

const deviceShape = {
  trade,
  type: label,
  status: deviceStatus,
  site: label.exactOptional(),
  location: z
    .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .exactOptional(),
  gateway: thingName.exactOptional(),
  attributes: z
    .record(label, z.string().max(apiLimits.attributeLength))
    .refine((record) => Object.keys(record).length <= apiLimits.attributes, {
      error: `at most ${apiLimits.attributes} attributes`,
    }),
  measures: measuresSchema.exactOptional(),
}
/** Of a name in the body of a PUT. */
export const repeatsPath = 'May repeat the path, so that what was read can be changed and put back.'
export const deviceSchema = z.strictObject({ thing: thingName, ...deviceShape }).meta({ id: 'Device' })
export const deviceInputSchema = z
  .strictObject({
    thing: thingName.exactOptional().meta({ description: repeatsPath }),
    ...deviceShape,
    status: deviceStatus
      .optional()
      .meta({ description: 'A new device is active unless told otherwise, a known one stays what it is.' }),
    attributes: deviceShape.attributes.default({}),
  })
  .meta({ id: 'DeviceInput' })

export const readingSchema = z
  .object({
    measure: z.string(),
    at: epochMs,
    value: z.number().nullable(),
    text: z.string().nullable(),
    quality,
    receivedAt: epochMs,
  })
  .meta({ id: 'Reading' })

export const windowSchema = z
  .object({
    measure: z.string(),
    at: epochMs.meta({ description: 'Start of the minute, included.' }),
    n: z.int(),
    mean: z.number(),
    min: z.number(),
    max: z.number(),
    std: z.number().meta({ description: 'Sample standard deviation; 0 for a single reading.' }),
    first: z.number(),
    last: z.number(),
    sum: z.number(),
    version: epochMs.meta({ description: 'Newest receipt that went in.' }),
    repaired: z.boolean(),
  })
  .meta({ id: 'Window' })

export const latestValueSchema = z
  .object({
    measure: z.string(),
    at: epochMs,
    value: z.number().nullable().meta({ description: 'Null where the reading is a text.' }),
    text: z.string().optional(),
    trendPerMinute: z.number().nullable(),
  })
  .meta({ id: 'LatestValue' })
export const latestSchema = z
  .object({ thing: z.string(), values: z.array(latestValueSchema) })
  .meta({ id: 'Latest' })

const expected = z.object({ low: z.number().optional(), high: z.number().optional() })
export const anomalySchema = z
  .object({
    thing: z.string(),
    measure: z.string(),
    at: epochMs,
    detector: z.string(),
    score: z.number().nullable(),
    observed: z.number().nullable(),
    expected,
  })
  .meta({ id: 'Anomaly' })

export const alarmSchema = z
  .object({
    id: z.string(),
    rule: z.string(),
    thing: z.string(),
    key: z.string(),
    state: z.enum(['unackActive', 'ackActive', 'unackCleared', 'normal']),
    severity,
    raisedAt: epochMs,
    clearedAt: epochMs.nullable(),
    transitionAt: epochMs,
    occurrences: z.int(),
    why: z.object({
      detector: z.string(),
      text: z.string(),
      observed: z.union([z.number(), z.string()]).optional(),
      expected: expected.optional(),
      unit: z.string().optional(),
      details: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])).optional(),
    }),
    acknowledgedAt: epochMs.nullable(),
    acknowledgedBy: z.string().nullable(),
    comment: z.string().nullable(),
  })
  .meta({ id: 'Alarm' })

export const alarmEventSchema = z
  .object({
    id: z.string(),
    alarm: z.string(),
    at: epochMs,
    recordedAt: epochMs,
    kind: z.enum(['raised', 'cleared', 'acknowledged']),
    severity,
    by: z.string().nullable(),
    text: z.string(),
  })
  .meta({ id: 'AlarmEvent' })

export const factSchema = z
  .object({
    type: z.string(),
    thing: z.string(),
    key: z.string(),
    at: epochMs,
    until: epochMs,
    version: epochMs,
    value: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Fact' })

const quarantineShape = {
  id: z.string().meta({ description: 'Position of the record.' }),
  topic: z.string(),
  client: z.string(),
  receivedAt: epochMs,
  reason: reason.meta({ description: 'See docs/errors.md.' }),
  detail: z.string(),
  status: quarantineStatus,
  sizeBytes: z.int(),
}
export const quarantineSummarySchema = z.object(quarantineShape).meta({ id: 'QuarantineSummary' })
export const quarantineEntrySchema = z
  .object({
    ...quarantineShape,
    payload: z
      .string()
      .nullable()
      .meta({ description: 'The payload as text, null if it is not valid UTF-8.' }),
    payloadBase64: z.string(),
  })
  .meta({ id: 'QuarantineEntry' })

export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: epochMs,
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'AuditEntry' })

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable; see docs/api-errors.md.' }),
    detail: z.string(),
    errors: z.array(z.object({ at: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' })
