import * as z from 'zod'
import { calendarUnits, isZone, type CalendarUnit } from '../../core/history/calendar.ts'
import { fills, type Fill } from '../../core/history/fill.ts'
import { resolutions, type Resolution } from '../../core/history/plan.ts'
import { visibleDevice } from '../auth.ts'
import { DAY, HOUR } from '../durations.ts'
import { endpoint } from '../endpoint.ts'
import { apiLimits } from '../limits.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { rangeOf } from '../range.ts'
import { measuresParameter, namesParameter, rangeParameters, thingName, whole } from '../schemas.ts'

const query = z
  .strictObject({
    things: namesParameter(thingName, 'Devices, comma-separated.'),
    measures: measuresParameter.optional(),
    ...rangeParameters,
    points: whole(1, apiLimits.seriesPoints).default(1000).meta({
      description: 'The most points a series should come to; resolution follows from it.',
      default: 1000,
    }),
    resolution: z
      .enum(['auto', ...resolutions] as [Resolution | 'auto'])
      .default('auto')
      .meta({
        description: 'What to answer from: readings, one-minute, quarter-hour or day windows.',
        default: 'auto',
      }),
    step: whole(1000, 366 * 86_400_000)
      .optional()
      .meta({ description: 'Buckets of so many milliseconds, counted from the epoch.' }),
    calendar: z
      .enum(calendarUnits as [CalendarUnit])
      .optional()
      .meta({ description: 'Buckets of a calendar in `zone` instead.' }),
    zone: z
      .string()
      .max(64)
      .refine(isZone, { error: 'is no IANA time zone' })
      .default('UTC')
      .meta({ description: 'IANA time zone of the calendar.', default: 'UTC' }),
    fill: z
      .enum(fills as [Fill])
      .default('none')
      .meta({ description: 'What stands where a bucket has no reading.', default: 'none' }),
    reduce: z
      .enum(['none', 'lttb', 'minmax'])
      .default('none')
      .meta({ description: 'Thins a series to `points` for drawing.', default: 'none' }),
  })
  .refine(({ step, calendar }) => step === undefined || calendar === undefined, {
    error: 'give step or calendar, not both',
  })

/** About how long the units of a calendar are. */
const shortest: Record<CalendarUnit, number> = {
  hour: HOUR,
  day: DAY,
  week: 7 * DAY,
  month: 28 * DAY,
  year: 365 * DAY,
}

const numbers = z.array(z.number().nullable())
const answer = z
  .object({
    resolution: z.enum(resolutions as [Resolution]),
    sources: z.array(
      z.object({
        from: z.number(),
        to: z.number(),
        source: z.enum(resolutions as [Resolution]),
        place: z.enum(['lake', 'both']),
      }),
    ),
    stepMs: z.number().nullable(),
    from: z.number(),
    to: z.number(),
    tiersUsed: z.array(z.enum(['hot', 'warm', 'cold'])),
    complete: z.boolean().meta({ description: 'False where some of the range has expired or is damaged.' }),
    missing: z.array(z.object({ from: z.number(), to: z.number(), reason: z.enum(['expired', 'damaged']) })),
    series: z.array(
      z.object({
        thing: z.string(),
        measure: z.string(),
        at: z.array(z.number()),
        value: numbers.optional(),
        text: z.array(z.string().nullable()).optional(),
        quality: z.array(z.string()).optional(),
        n: numbers.optional(),
        mean: numbers.optional(),
        min: numbers.optional(),
        max: numbers.optional(),
        std: numbers.optional(),
        first: numbers.optional(),
        last: numbers.optional(),
        sum: numbers.optional(),
      }),
    ),
  })
  .meta({ id: 'SeriesAnswer' })

export const series = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'querySeries',
      method: 'get',
      path: '/v1/series',
      tag: 'history',
      summary: 'Series of one or many devices over all storage tiers',
      description:
        'One question whatever the age of the data. The answer says which tiers and resolution it used and what is missing. One array a column; buckets are given by their start.',
      role: 'viewer',
      query,
      answers: [{ status: 200, description: 'The series, ascending by device and measure', schema: answer }],
      problems: ['no_such_device', 'bad_range', 'range_too_long', 'too_much', 'no_history'],
    },
    async ({
      query: { things, measures, from, to, points, resolution, step, calendar, zone, fill, reduce },
      principal,
    }) => {
      if (!ports.history) throw new ApiProblem('no_history', 'ask /v1/devices/{thing}/readings')
      const range = rangeOf({ from, to }, undefined, ports.clock.now(), apiLimits.seriesRangeMs)
      const bucketMs = step ?? (calendar && shortest[calendar])
      if (bucketMs !== undefined && (range.to - range.from) / bucketMs > apiLimits.seriesPoints)
        throw new ApiProblem(
          'too_much',
          `${Math.ceil((range.to - range.from) / bucketMs)} buckets asked for, ${apiLimits.seriesPoints} allowed`,
        )
      for (const thing of things) await visibleDevice(principal, ports, thing)
      const text = await ports.history.series({
        things: [...new Set(things)].sort(),
        measures,
        ...range,
        points,
        resolution,
        stepMs: step,
        calendar: calendar && { zone, unit: calendar },
        fill,
        reduce,
      })
      return new Response(text, { headers: { 'content-type': 'application/json' } })
    },
  ),
]
