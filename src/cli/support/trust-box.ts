import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { authorityFiles } from '../../adapters/local/ca/authority-files.ts'

/** Beyond loopback a box serves its API over TLS by its own authority, whose roots lie in its data directory. */
export function trustBox(dir: string): void {
  const file = join(dir, 'ca', authorityFiles.trust)
  if (!existsSync(file)) return
  const roots = readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g)
  setDefaultCACertificates([...getCACertificates('default'), ...(roots ?? [])])
}
