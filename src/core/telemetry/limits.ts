/** Every limit on what a device may send, each with the threat it answers. */
export const limits = {
  /** AWS IoT Core's own; a stock broker would buffer whatever a header announces. */
  payloadBytes: 128 * 1024,
  /** A message that decodes to more than it cost to send. */
  samplesPerMessage: 10_000,
  /** Hash flooding and unbounded state. */
  measuresPerMessage: 256,
  /** A cardinality bomb: one device inventing names for ever. */
  measuresPerDevice: 256,
  /** Names become keys, columns and labels. */
  nameLength: 64,
  /** A text is a state or a code, not a document. */
  textLength: 256,
  /** {"measures": {"m": [1]}} is three levels; anything deeper is an attack on recursive code. */
  depth: 4,
  /** AWS IoT Core: thing names and client ids. */
  thingLength: 128,
  topicLength: 512,
  /** 2000-01-01: before it a clock has not been set. */
  earliestAt: 946_684_800_000,
  /** 2100-01-01: after it a unit was mistaken. */
  latestAt: 4_102_444_800_000,
  /** Within this a reading ahead of its receipt still advances: clocks differ. */
  aheadMs: 60_000,
} as const

/** Letters, digits and _ . : / % - ; an instance follows one @. `__proto__` and its kind are refused by name. */
export function isMeasureName(name: string): boolean {
  return (
    name.length <= limits.nameLength &&
    /^[A-Za-z][\w.:/%-]*(@[\w.:/%-]+)?$/.test(name) &&
    !dangerous.has(name)
  )
}
const dangerous = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype'])

export const isThingName = (name: string): boolean =>
  name.length <= limits.thingLength && /^[\w:-]+$/.test(name)
