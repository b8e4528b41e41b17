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
    const { code, message } = error as NodeJS.ErrnoException
    const said =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a directory'
          : code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
            ? 'it is no text in UTF-8'
            : message
    throw new CliFailure('badInput', `${file}: ${said}`)
  }
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
