import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'

/** OWASP's least for scrypt: N = 2^17, r = 8, p = 1; 128 MB and about a third of a second, for one at a time. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const
const KEY_BYTES = 32

const derive = (password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })

/** `scrypt$N$r$p$salt$key`: the cost may rise later, and old hashes stay readable. */
export async function hashPassword(password: string, N: number = cost.N): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, { ...cost, N })
  return ['scrypt', N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = stored.split('$')
  if (scheme !== 'scrypt' || !salt || !key) return false
  const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: cost.maxmem }
  const found = await derive(password, Buffer.from(salt, 'base64url'), options)
  const wanted = Buffer.from(key, 'base64url')
  return found.length === wanted.length && timingSafeEqual(found, wanted)
}
