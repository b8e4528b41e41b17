import { HOUR, DAY } from './durations.ts'

/** Every limit on what a caller may ask, each with the threat it answers. */
export const apiLimits = {
  /** A body is parsed whole: memory. The largest use is a quarantined payload of 128 KB in base64. */
  bodyBytes: 256 * 1024,
  /** A token is hashed or verified before anyone is known to be behind it. */
  tokenLength: 8192,
  /** A model file is parsed whole, and once more for its trees: a hundred trees of the platform's own take 0.3 MB. */
  modelBytes: 4 * 1024 * 1024,
  /** Each example reads a month of one machine: a page of them keeps the reader busy for seconds. */
  examplesPerPage: 50,
  /** What one training takes into memory. */
  trainingMoments: 20_000,
  /** One page of a list. */
  pageSize: 1000,
  /** A table of readings is parsed whole as well; below what a Lambda function is handed at most. */
  importBytes: 4 * 1024 * 1024,
  /** One part of an export: its text is made and held whole. */
  exportRows: 200_000,
  /** One answer of /v1/latest: twice the largest plant of the brief. */
  latestThings: 20_000,
  /** Names given in one query string; Node refuses longer request heads by itself. */
  namesPerQuery: 200,
  /** One request that would scan every file of five years. */
  readingsRangeMs: 31 * DAY,
  windowsRangeMs: 366 * DAY,
  /** One question to the planner: ten years, and so many series of so many points that an answer stays within tens of megabytes. */
  seriesRangeMs: 3660 * DAY,
  seriesPoints: 50_000,
  seriesThings: 200,
  fleetRangeMs: 31 * DAY,
  /** A day's track at ten positions a second is read whole to find the points that matter. */
  trackRangeMs: DAY,
  trackPoints: 20_000,
  defaultRangeMs: HOUR,
  /** A filter that matches nothing must not walk the whole book in one request. */
  scansPerPage: 20,
  /** Streams hold a socket and a queue each. */
  streams: 200,
  /** Events that wait for a slow reader; what goes beyond is dropped, oldest first, and counted. */
  queuedEvents: 1000,
  /** Events kept for readers that come back. */
  rememberedEvents: 5000,
  /** A list that nobody reads: the registry is configuration, not a document store. */
  attributes: 64,
  attributeLength: 256,
  /** Jobs go through all zones and meters of a building each quarter of an hour. */
  zonesPerSite: 500,
  metersPerSite: 500,
  sourcesPerZone: 100,
  /** Nobody overrides a plant for good by hand: a longer wish is a schedule. */
  overrideMs: 7 * DAY,
  commentLength: 1000,
  /** A message may have 128 KB: an order that cannot be sent would be tried until it expires. */
  commandPayloadBytes: 64 * 1024,
  /** A report reads every fact of its time. */
  reportDays: 31,
} as const
