import { describe, expect, it } from 'vitest'
import { watchPage } from '../../lambdas/page-watch/watch-page.ts'

describe('watchPage', () => {
  const look = async (statuses: Record<string, number>, paths = ['/', '/v1/health']) =>
    watchPage('https://page.example', paths, async (url) => new Response('', { status: statuses[new URL(url).pathname] ?? 404 })) // prettier-ignore

  it('is content with the page, and with an API that asks for a token', async () => {
    await expect(look({ '/': 200, '/v1/health': 401 })).resolves.toBeUndefined()
  })

  it('says what answers otherwise, and with what', async () => {
    await expect(look({ '/': 403, '/v1/health': 401 })).rejects.toThrow('https://page.example/ answers 403')
    await expect(look({ '/': 200, '/v1/health': 502 })).rejects.toThrow('page.example/v1/health answers 502')
  })
})
