import { bucketOf } from '../../../core/history/lake-layout.ts'

/** Buckets of devices within a day, so that one device's history opens one file. A power of two. */
const BUCKETS = 16

/** The `NN` of `b=NN` in the keys of a device's files. */
export const bucketName = (thing: string): string => String(bucketOf(thing, BUCKETS)).padStart(2, '0')

/** Which part of its bucket a device is in, of a power of two. The hash's next bits: halves of a part are parts of twice as many. */
export const partOf = (thing: string, parts: number): number =>
  Math.floor(bucketOf(thing, BUCKETS * parts) / BUCKETS)
