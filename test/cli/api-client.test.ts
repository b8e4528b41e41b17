import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiClient, type ApiClient } from '../../src/cli/support/api-client.ts'

describe('apiClient, whose connection is closed under its first request', () => {
  let server: Server
  let client: ApiClient
  let asked: (string | undefined)[]
  beforeEach(async () => {
    asked = []
    server = createServer((request, response) => {
      asked.push(request.method)
      if (asked.length === 1) request.socket.destroy()
      else response.setHeader('content-type', 'application/json').end('{"items": []}')
    })
    await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
    client = apiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token')
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  it('asks once more what is idempotent', async () => {
    expect(await client.get('/v1/devices')).toEqual({ items: [] })
    expect(asked).toEqual(['GET', 'GET'])
  })

  it('does not do twice what may not be done twice', async () => {
    await expect(client.send('POST', '/v1/reports', {})).rejects.toThrow('does not answer')
    expect(asked).toEqual(['POST'])
  })
})
