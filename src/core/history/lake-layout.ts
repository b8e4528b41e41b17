import type { EpochMs } from '../telemetry/reading.ts'

export const DAY = 86_400_000
export const QUARTER = 900_000

/** What a lake file holds: readings, one-minute windows, their quarter-hours, or their days in a site's zone. */
export type LakeKind = 'readings' | 'windows' | 'quarters' | 'days'

/** Days since the epoch, UTC: a lake day is never a calendar day of a zone. */
export const dayOf = (at: EpochMs): number => Math.floor(at / DAY)
/** YYYY-MM-DD of a lake day. */
export const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)

/** A file that queries see. It covers whole days [day, until) of the devices whose bucket modulo `buckets` is `bucket`. */
export interface LakeFile {
  /** Relative to the lake. */
  path: string
  kind: LakeKind
  day: number
  until: number
  bucket: number
  /** A power of two. */
  buckets: number
  generation: number
  /** hour: more of this day will follow; day: all that was known; month, year: days merged. */
  stage: 'hour' | 'day' | 'month' | 'year'
  tier: Tier
  rows: number
  bytes: number
  /** SHA-256 in hexadecimal. */
  checksum: string
  minAt: EpochMs
  maxAt: EpochMs
  damaged: boolean
}

export type Tier = 'hot' | 'warm' | 'cold'

/** FNV-1a, 32 bits, of a name's UTF-16 code units (Fowler, Noll and Vo 1991): spreads devices over buckets for ever alike. */
export function bucketOf(thing: string, buckets: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < thing.length; i++) hash = Math.imul(hash ^ thing.charCodeAt(i), 0x01000193)
  return (hash >>> 0) & (buckets - 1)
}

/** Rows that one file of a day should hold at most: sorting them stays within the memory of an edge box. */
const ROWS_A_FILE = 1_500_000
const MOST_BUCKETS = 128

/** How many buckets a day gets, from the rows expected of it. */
export function bucketsFor(rowsADay: number): number {
  let buckets = 1
  while (buckets < MOST_BUCKETS && rowsADay / buckets > ROWS_A_FILE) buckets *= 2
  return buckets
}

/** readings/dt=YYYY-MM-DD/b=NN.<generation>.parquet; cold days lie in a folder of their own. */
export function lakePath(f: Pick<LakeFile, 'kind' | 'day' | 'bucket' | 'generation' | 'tier'>): string {
  const folder = f.tier === 'cold' ? `cold/${f.kind}` : f.kind
  return `${folder}/dt=${dateOf(f.day)}/b=${String(f.bucket).padStart(2, '0')}.${f.generation}.parquet`
}
