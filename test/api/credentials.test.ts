import { describe, expect, it } from 'vitest'
import { apiOver, world } from './fixture/world.ts'

describe('credentials', () => {
  it('issues a certificate with its key once, and tells of it without the key from then on', async () => {
    const w = world()
    const { ask } = apiOver(w)
    const issued = await ask('POST /v1/devices/m-1/credentials', { body: {} })
    expect(issued.status).toBe(201)
    expect(issued.body).toMatchObject({
      privateKeyPem: 'KEY',
      endpoint: 'mqtts://127.0.0.1:8883',
      caPem: 'CA',
    })
    const listed = await ask('GET /v1/devices/m-1/credentials')
    expect(listed.body['items']).toMatchObject([{ thing: 'm-1', status: 'active' }])
    expect(listed.text).not.toContain('KEY')
    expect(w.audit.at(-1)).toMatchObject({ actor: 'ada', action: 'credential.issue', subject: 'm-1' })
    expect(JSON.stringify(w.audit)).not.toContain('KEY')
  })

  it('revokes one certificate of one device, twice without harm', async () => {
    const w = world()
    const { ask } = apiOver(w)
    const { fingerprint } = (await ask('POST /v1/devices/m-1/credentials', { body: {} })).body as {
      fingerprint: string
    }
    for (const _ of [1, 2]) {
      const revoked = await ask(`DELETE /v1/devices/m-1/credentials/${fingerprint}`)
      expect(revoked.body).toMatchObject({ fingerprint, status: 'revoked' })
    }
    expect(w.audit.at(-1)).toMatchObject({ action: 'credential.revoke', subject: 'm-1', detail: fingerprint })
    const other = await ask(`DELETE /v1/devices/m-2/credentials/${fingerprint}`)
    expect(other.body['code']).toBe('no_such_credential')
  })

  it('lets only administrators of the site issue and revoke', async () => {
    const { ask } = apiOver(world())
    expect((await ask('POST /v1/devices/m-1/credentials', { token: 'operator', body: {} })).status).toBe(403)
    const elsewhere = await ask('POST /v1/devices/m-2/credentials', { token: 'north', body: {} })
    expect(elsewhere.body['code']).toBe('no_such_device')
    expect((await ask('GET /v1/devices/m-1/credentials', { token: 'viewer' })).status).toBe(403)
    expect((await ask('POST /v1/devices/ghost/credentials', { body: {} })).body['code']).toBe(
      'no_such_device',
    )
  })

  it('says where devices connect', async () => {
    const { ask } = apiOver(world())
    const answer = await ask('GET /v1/connection', { token: 'viewer' })
    expect(answer.body).toEqual({ endpoint: 'mqtts://127.0.0.1:8883', caPem: 'CA' })
  })
})
