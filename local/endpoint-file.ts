import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../src/adapters/local/whole-file.ts'

/** Where a running box is reached, for commands that are given its data directory only. */
export interface EndpointFile {
  url: string
  mqtt: string
  pid: number
}

const pathIn = (dir: string): string => join(dir, 'endpoint.json')

/** Says in the data directory where the box is reached; gives the way to take it back. */
export function announceEndpoint(dir: string, endpoint: EndpointFile): () => void {
  replaceFile(pathIn(dir), `${JSON.stringify(endpoint)}\n`, 0o600)
  return () => rmSync(pathIn(dir), { force: true })
}

export const isAnnounced = (dir: string): boolean => existsSync(pathIn(dir))

/** What the box with this data directory last said, null if it is not up. */
export function readEndpoint(dir: string): (EndpointFile & { token: string }) | null {
  try {
    const endpoint = JSON.parse(readFileSync(pathIn(dir), 'utf8')) as EndpointFile
    return { ...endpoint, token: readFileSync(join(dir, 'token'), 'utf8').trim() }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
