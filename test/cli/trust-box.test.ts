import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAuthority } from '../../src/adapters/local/ca/authority.ts'
import { openApi } from '../../src/cli/support/api-client.ts'

let dir: string
let close: () => void
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'telltale-trust-'))
  const clock = { now: () => Date.now(), elapsed: () => performance.now() }
  const { certificatePem: cert, privateKeyPem: key } = (await openAuthority({ dir: join(dir, 'ca'), clock })).server() // prettier-ignore
  const server = createServer({ cert, key }, ({ headers }, response) => response.end(JSON.stringify({ authorization: headers.authorization }))) // prettier-ignore
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const url = `https://localhost:${(server.address() as AddressInfo).port}`
  writeFileSync(join(dir, 'endpoint.json'), JSON.stringify({ url, mqtt: '', pid: 0 }))
  writeFileSync(join(dir, 'token'), 'secret\n')
  close = () => server.close()
})
afterAll(() => {
  close()
  rmSync(dir, { recursive: true, force: true })
})

describe('trustBox', () => {
  it('lets commands ask a box that serves over TLS by its own authority', async () => {
    expect(await openApi({ data: dir }).get('/v1/me')).toEqual({ authorization: 'Bearer secret' })
  })
})
