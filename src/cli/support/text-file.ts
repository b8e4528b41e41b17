import { readFileSync, statSync } from 'node:fs'

/** What one string of V8 may hold, with room to spare. */
const MOST_BYTES = 500 * 1024 * 1024

/** A text file's content: UTF-8, UTF-16 where its byte-order mark says so, else Windows-1252. Throws for what is no text. */
export function readTextFile(file: string): string {
  const { size } = statSync(file)
  if (size > MOST_BYTES)
    throw new Error(
      `the file has ${Math.round(size / 1e6)} MB; up to ${Math.round(MOST_BYTES / 1e6)} are read, split it`,
    )
  return decodeText(readFileSync(file))
}

export function decodeText(bytes: Uint8Array): string {
  const text = decoded(bytes)
  // eslint-disable-next-line no-control-regex -- these are what tells text from other data
  const control = /[\0-\x08\x0E-\x19\x1B-\x1F]/.exec(text)
  if (control)
    throw new Error(`this is no text file: there is a control character at character ${control.index + 1}`)
  return text
}

function decoded(bytes: Uint8Array): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
  if (mark === 0xfffe) return new TextDecoder('utf-16le').decode(bytes)
  if (mark === 0xfeff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
