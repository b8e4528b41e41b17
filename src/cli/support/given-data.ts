import { readFile } from 'node:fs/promises'
import { DataFault } from '../../core/maintenance/data-fault.ts'
import { CliFailure } from '../exit-codes.ts'

/** Threat: a mistaken file would fill the memory before anybody could tell. */
const MOST_BYTES = 512 * 1024 * 1024

/** The text of a file that somebody named. */
export async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file)
    if (bytes.byteLength > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`)
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** Runs what reads a path that somebody named; whatever it throws is said in one line with that path. */
export function reading<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(file: string, error: unknown): CliFailure {
  const { code, message } = error as NodeJS.ErrnoException
  return new CliFailure('badInput', `${file}: ${(code && reasons[code]) || message}`)
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'it is no directory',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is no text in UTF-8',
}

/** Runs what reads the data of a file; what is wrong with it is said with the file's name. */
export function withData<T>(file: string, use: () => T): T {
  try {
    return use()
  } catch (error) {
    if (error instanceof DataFault) throw new CliFailure('badInput', `${file}: ${error.message}`)
    throw error
  }
}
