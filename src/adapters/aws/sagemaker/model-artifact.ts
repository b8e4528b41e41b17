import { gzipSync } from 'node:zlib'

/** What the built-in XGBoost looks for in an artifact: it takes the one file there is, and knows JSON by its first byte. */
const FILE = 'xgboost-model'
const BLOCK = 512

/** A model as SageMaker loads it: a gzipped tar (POSIX.1-1988 ustar) of one file. The same text gives the same bytes. */
export function modelArtifact(text: string): Uint8Array {
  const content = Buffer.from(text)
  const header = Buffer.alloc(BLOCK)
  const put = (at: number, value: string): void => void header.write(value, at, 'latin1')
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
  put(0, FILE)
  put(100, '0000644\0') // mode
  put(108, '0000000\0') // owner
  put(116, '0000000\0') // group
  put(124, `${octal(content.length, 11)}\0`)
  put(136, `${octal(0, 11)}\0`) // modified
  put(148, ' '.repeat(8)) // the checksum counts itself as blanks
  put(156, '0') // a plain file
  put(257, 'ustar\x0000')
  put(
    148,
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
  )
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)
  return gzipSync(Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK)]))
}
