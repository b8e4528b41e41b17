/**
 * Why a record was quarantined: one sentence each, with what to do about it. docs/errors.md lists the same table
 * and a test holds the two together.
 */
export const reasons = {
  bad_topic: 'the topic is none that telemetry may arrive on; publish on dt/<trade>/<thing>/telemetry',
  unknown_device: 'no such device is registered in this trade; register it, then replay the record',
  not_its_gateway:
    'the sender is not the gateway of this child; set the gateway in the registry, then replay',
  device_suspended: 'the device is suspended or retired; activate it, then replay',
  bad_encoding: 'the payload is not valid UTF-8',
  bad_json: 'the payload is not valid JSON',
  bad_message: 'the message does not have the form of the wire format',
  too_large: 'the payload is larger than 128 KB; split it',
  too_deep: 'the message nests deeper than the wire format allows',
  too_many_measures: 'more measures than a message or a device may have',
  too_many_samples: 'more samples than a message may have; split it',
  bad_name: 'a measure name has characters or a length that are not allowed',
  bad_value: 'a value is neither a finite number, a boolean, nor a short text',
  bad_time: 'a time is missing, malformed, before the year 2000 or after 2100',
  bad_unit: 'the unit is unknown or cannot be converted to the measure’s canonical unit',
  unequal_lengths: 'the arrays of a pack differ in length',
  bad_senml: 'the SenML pack breaks RFC 8428',
  bad_cbor: 'the payload is not valid CBOR',
  bad_sparkplug: 'the payload is not a valid Sparkplug B message',
  unknown_alias: 'an alias that no birth has announced; a rebirth has been requested',
  expired_neighbours: 'the raw readings of that minute have expired, so its window cannot be recomputed',
  stage_failed: 'a stage threw on this record; the state was restored and the record set aside',
} as const

export type Reason = keyof typeof reasons

/** A record that cannot be accepted. Never retried; its payload is quarantined with the reason and the detail. */
export class BadRecord extends Error {
  readonly reason: Reason
  constructor(reason: Reason, detail: string) {
    super(detail)
    this.name = 'BadRecord'
    this.reason = reason
  }
}

/** Not the record's fault: a conversion must be looked up first, which takes time; then the record is folded again. */
export class UnlearnedUnit extends Error {
  readonly from: string
  readonly to: string
  constructor(from: string, to: string) {
    super(`the conversion from ${from} to ${to} is not known yet`)
    this.name = 'UnlearnedUnit'
    this.from = from
    this.to = to
  }
}
