import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { readIfThere, replaceFile } from '../whole-file.ts'
import { createRoot, fingerprintOf, generateKeys, importKeys, parseCertificate, privateKeyPem, type Issuer } from './x509.ts' // prettier-ignore

const DAY = 86_400_000
/** A device whose clock is ahead must not find the server's root expired. */
const SWITCH_MS = 7 * DAY

export interface Root extends Issuer {
  /** 1 for the first, and so on. */
  generation: number
  pem: string
  fingerprint: string
  notBefore: EpochMs
  notAfter: EpochMs
}

const nameOf = (generation: number): string => (generation === 1 ? 'root' : `root-${generation}`)

/** The box's roots, oldest first; the first one is made where there is none. */
export async function openRoots(dir: string, now: EpochMs, days: number): Promise<Root[]> {
  const generations = readdirSync(dir)
    .flatMap((name) => /^root(?:-(\d+))?\.pem$/.exec(name)?.slice(1, 2) ?? [])
    .map((n) => (n === undefined ? 1 : Number(n)))
    .sort((a, b) => a - b)
  if (generations.length === 0) return [await makeRoot(dir, 1, now, days)]
  return Promise.all(
    generations.map(async (generation) => {
      const key = readIfThere(join(dir, `${nameOf(generation)}.key`))
      if (key === null)
        throw new Error(`${join(dir, nameOf(generation))}.key is missing; restore it from a backup`)
      const certificate = parseCertificate(readIfThere(join(dir, `${nameOf(generation)}.pem`))!)
      return rootOf(generation, { certificate, keys: await importKeys(key) })
    }),
  )
}

/** The certificate is written last: without it nothing was ever issued, and the pair is made anew. */
export async function makeRoot(dir: string, generation: number, now: EpochMs, days: number): Promise<Root> {
  const keys = await generateKeys()
  // Names differ, so that a device with both roots finds the right one whatever its library compares.
  const name = `Telltale device authority${generation === 1 ? '' : ` ${generation}`}`
  const certificate = await createRoot(keys, name, { notBefore: now - DAY, notAfter: now + days * DAY })
  replaceFile(join(dir, `${nameOf(generation)}.key`), await privateKeyPem(keys), 0o600)
  replaceFile(join(dir, `${nameOf(generation)}.pem`), certificate.toString('pem'), 0o644)
  return rootOf(generation, { certificate, keys })
}

function rootOf(generation: number, issuer: Issuer): Root {
  const { certificate } = issuer
  return {
    ...issuer,
    generation,
    pem: certificate.toString('pem'),
    fingerprint: fingerprintOf(certificate.rawData),
    notBefore: certificate.notBefore.getTime(),
    notAfter: certificate.notAfter.getTime(),
  }
}

/** Those that hold now, oldest first. One from the future was made while the clock was wrong, and is no root until then. */
export function holding(roots: readonly Root[], now: EpochMs): [Root, ...Root[]] {
  const [first, ...others] = roots.filter(({ notBefore, notAfter }) => notBefore <= now && now < notAfter)
  return first === undefined ? [roots.at(-1)!] : [first, ...others]
}

/**
 * Who signs the server's certificate: the oldest root for as long as it can, for devices that have not heard of another.
 * Device certificates are signed by the newest from its first day, since only the box verifies them.
 */
export const serverRoot = (held: readonly Root[], now: EpochMs): Root =>
  held.find(({ notAfter }) => notAfter > now + SWITCH_MS) ?? held.at(-1)!

/** When the server will no longer be known to devices that have this root only. */
export const switchesAt = ({ notAfter }: Pick<Root, 'notAfter'>): EpochMs => notAfter - SWITCH_MS

/**
 * A new root is due when certificates of devices would be cut short by the old one. So the overlap is as long as a
 * device's certificate lives: by the old root's end every device has had to renew, and was given the new root with it.
 */
export const rootDue = (
  held: readonly Root[],
  now: EpochMs,
  days: { root: number; device: number },
): boolean => held.at(-1)!.notAfter - now < Math.min(days.device, days.root / 2) * DAY
