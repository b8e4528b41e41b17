import { BadRecord } from '../../core/telemetry/errors.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Strict UTF-8. A byte-order mark stays in the text, where JSON refuses it (RFC 8259 section 8.1). */
export function decodeUtf8(payload: Uint8Array): string {
  try {
    return utf8.decode(payload)
  } catch {
    throw new BadRecord(
      'bad_encoding',
      `payload of ${payload.length} bytes is not UTF-8; allowed is UTF-8 only`,
    )
  }
}
