import * as z from 'zod'

export const actuatorSchema = z
  .strictObject({
    low: z.number(),
    high: z.number(),
    ratePerMinute: z.number().positive().exactOptional(),
    restMs: z.int().positive().exactOptional(),
    leaseMs: z.int().min(1000).exactOptional(),
  })
  .refine(({ low, high }) => low < high, { error: 'low must lie below high', path: ['low'] })
