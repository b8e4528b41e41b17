import * as z from 'zod'
import { isZone } from '../core/history/calendar.ts'
import { apiLimits } from './limits.ts'
import { epochMs, label, repeatsPath, thingName } from './schemas.ts'

export const timeZone = z.string().max(64).refine(isZone, { error: 'is no IANA time zone' })

const minute = z.int().min(0).max(1440)
const timeOfUse = z
  .strictObject({
    weekdays: z.array(z.int().min(0).max(6)).max(7).exactOptional(),
    months: z.array(z.int().min(1).max(12)).max(12).exactOptional(),
    fromMinute: minute.exactOptional(),
    toMinute: minute.exactOptional(),
  })
  .meta({
    id: 'TimeOfUse',
    description:
      'By the local wall clock; Monday is 0. What is absent holds always. Half-open; may wrap midnight.',
  })
const price = z.number().min(-1e6).max(1e6)
const tariffVersion = z
  .strictObject({
    validFrom: epochMs,
    validTo: epochMs.exactOptional(),
    fixedPerDay: price.exactOptional(),
    basePerKWh: price,
    periods: z
      .array(z.strictObject({ name: label, when: timeOfUse, perKWh: price }))
      .max(48)
      .exactOptional(),
    blocks: z
      .array(z.strictObject({ upToKWh: z.number().positive().exactOptional(), perKWh: price }))
      .max(24)
      .exactOptional(),
    demand: z
      .strictObject({
        perKW: price,
        intervalMinutes: z.union([z.literal(15), z.literal(30), z.literal(60)]),
        when: timeOfUse.exactOptional(),
      })
      .exactOptional(),
  })
  .meta({ id: 'TariffVersion' })
const tariff = z
  .strictObject({
    id: label,
    timeZone,
    currency: z.string().regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code' }),
    versions: z.array(tariffVersion).min(1).max(100),
  })
  .meta({ id: 'Tariff' })

const celsius = z.number().min(-50).max(60)
export const setPointShape = { heatC: celsius, coolC: celsius }
const apart = ({ heatC, coolC }: { heatC: number; coolC: number }): boolean => coolC > heatC
export const setPoints = z
  .strictObject(setPointShape)
  .refine(apart, { error: 'coolC must lie above heatC', path: ['coolC'] })
const schedule = z
  .strictObject({
    periods: z
      .array(
        z
          .strictObject({ when: timeOfUse, ...setPointShape })
          .refine(apart, { error: 'coolC must lie above heatC', path: ['coolC'] }),
      )
      .max(100),
    otherwise: setPoints,
  })
  .meta({ id: 'SetPointSchedule' })
const band = z
  .strictObject({ low: celsius, high: celsius })
  .refine(({ low, high }) => low < high, { error: 'low must lie below high', path: ['low'] })

const source = z.strictObject({
  thing: thingName,
  measures: z.array(z.string().min(1).max(128)).min(1).max(100).exactOptional(),
})
const zone = z
  .strictObject({
    name: label,
    sensors: z.array(source).max(apiLimits.sourcesPerZone),
    volumeM3: z.number().positive().max(1e7).exactOptional(),
    plant: z
      .strictObject({
        thing: thingName,
        heatingKw: z.number().min(0).max(1e5),
        coolingKw: z.number().min(0).max(1e5),
      })
      .exactOptional(),
  })
  .meta({ id: 'Zone' })
const meter = z
  .strictObject({
    id: label,
    thing: thingName,
    measure: z.string().min(1).max(128),
    feeds: z.enum(['heating', 'cooling', 'other']).exactOptional(),
    shares: z.record(label, z.number().min(0).max(1)).exactOptional(),
    within: label.exactOptional().meta({ description: 'The meter that this one is behind.' }),
    rolloverAt: z
      .number()
      .positive()
      .max(1e12)
      .exactOptional()
      .meta({ description: 'Where the counter begins again at zero, in the measure’s unit.' }),
  })
  .meta({ id: 'Meter' })

const siteShape = {
  timeZone,
  location: z
    .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .exactOptional(),
  zones: z.array(zone).max(apiLimits.zonesPerSite),
  meters: z.array(meter).max(apiLimits.metersPerSite).default([]),
  outdoor: z
    .strictObject({
      thing: thingName,
      temperature: z.string().min(1).max(128),
      irradiance: z.string().min(1).max(128).exactOptional(),
    })
    .exactOptional(),
  tariff: tariff.exactOptional(),
  schedule: schedule.exactOptional(),
  limits: z
    .strictObject({
      heatC: band,
      coolC: band,
      deadBandK: z.number().min(0.5).max(10),
      kelvinPerHour: z.number().positive().max(60),
      leaseMs: z.int().min(60_000).max(86_400_000),
    })
    .exactOptional(),
  control: z.enum(['apply', 'advise']).exactOptional(),
}

/** A site's name becomes part of alarm ids and of `site:<name>`. */
export const siteName = z
  .string()
  .regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, _ or -' })
  .meta({ description: 'The building; what its devices call their site.' })
export const siteParams = z.strictObject({ site: siteName })
export const siteSchema = z.strictObject({ name: siteName, ...siteShape }).meta({ id: 'Site' })
export const siteInputSchema = z
  .strictObject({ name: siteName.exactOptional().meta({ description: repeatsPath }), ...siteShape })
  .meta({ id: 'SiteInput' })
