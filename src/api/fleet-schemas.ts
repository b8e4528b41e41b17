import * as z from 'zod'
import { epochMs } from './schemas.ts'

const degrees = z.number()

export const vehiclePositionsSchema = z
  .object({
    at: epochMs.meta({ description: 'When this was the state of things: the next `since`.' }),
    columns: z.array(z.string()),
    rows: z.array(
      z.tuple([z.string(), epochMs, degrees, degrees, z.number(), z.number().nullable(), z.int()]),
    ),
  })
  .meta({ id: 'VehiclePositions' })

export const vehicleFuelSchema = z
  .object({
    at: epochMs,
    levelPercent: z.number().nullable(),
    rateLph: z.number().nullable().meta({ description: 'Litres an hour; null without any source.' }),
    litresPer100Km: z.number(),
    rangeKm: z.number().nullable(),
    usedL: z.number(),
  })
  .meta({ id: 'VehicleFuel' })

export const vehicleDrivingSchema = z
  .object({
    driverRisk: z.number(),
    tripRisk: z.number().nullable(),
    text: z.string(),
  })
  .meta({ id: 'VehicleDriving' })

const place = z.object({ lat: degrees, lon: degrees })

export const tripSchema = z
  .object({
    at: epochMs.meta({ description: 'Start: its identity.' }),
    until: epochMs,
    open: z.boolean(),
    distanceM: z.number(),
    unobservedM: z
      .number()
      .meta({ description: 'Straight lines through gaps whose way is unknown; not part of the distance.' }),
    idleS: z.number(),
    topSpeedKmh: z.number(),
    from: place,
    to: place,
    risk: z.number().nullable(),
    reasons: z.array(z.object({ what: z.string(), rate: z.number(), share: z.number() })),
  })
  .meta({ id: 'Trip' })

export const stopSchema = z
  .object({
    at: epochMs,
    until: epochMs.meta({ description: 'Its end; now, while it goes on.' }),
    open: z.boolean(),
    place,
  })
  .meta({ id: 'VehicleStop' })

export const trackSchema = z
  .object({
    columns: z.array(z.string()),
    rows: z.array(z.tuple([epochMs, degrees, degrees, z.number().nullable()])),
    simplified: z.boolean().meta({ description: 'True if points were left out to keep to `points`.' }),
  })
  .meta({ id: 'Track' })
