import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { inTransaction } from './schema.ts'

/** A certificate that the box has signed. The private key is nowhere. */
export interface Credential {
  /** SHA-256 of the certificate, lowercase hex without colons. */
  fingerprint: string
  thing: string
  serial: string
  status: 'active' | 'revoked'
  notBefore: EpochMs
  notAfter: EpochMs
}

export interface Credentials {
  all(): Promise<Credential[]>
  put(credential: Credential): Promise<void>
}

export function sqliteCredentials(db: DatabaseSync): Credentials {
  const insert = db.prepare('INSERT OR REPLACE INTO credential VALUES (?, ?, ?, ?, ?, ?)')
  return {
    all: async () =>
      db
        .prepare('SELECT * FROM credential')
        .all()
        .map((r) => ({
          fingerprint: r['fingerprint'] as string,
          thing: r['thing'] as string,
          serial: r['serial'] as string,
          status: r['status'] as Credential['status'],
          notBefore: r['not_before'] as number,
          notAfter: r['not_after'] as number,
        })),
    put: async (c) =>
      inTransaction(
        db,
        () => void insert.run(c.fingerprint, c.thing, c.serial, c.status, c.notBefore, c.notAfter),
      ),
  }
}
