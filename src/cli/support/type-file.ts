import { readFileSync } from 'node:fs'
import { CliFailure } from '../exit-codes.ts'
import type { NewType } from './registration.ts'

/** A device type as `examples/types` has them, or as `types show` printed it. What is in it the box judges. */
export function readTypeFile(file: string): NewType {
  try {
    const { name: _name, version: _version, ...type } = JSON.parse(readFileSync(file, 'utf8')) as NewType & Record<string, unknown> // prettier-ignore
    return type
  } catch (error) {
    throw new CliFailure('badInput', `${file}: ${(error as Error).message}`)
  }
}
