import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'

export interface HttpListener {
  port: number
  /** Cuts whatever is still open. */
  close(): Promise<void>
}

/** Serves HTTP; fails like `listen` where the address is taken. */
export async function listenHttp(
  fetch: (request: Request) => Response | Promise<Response>,
  hostname: string,
  port: number,
): Promise<HttpListener> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const starting = serve({ fetch, hostname, port }, () => resolve(starting))
    starting.once('error', reject)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

/** How a listening address stands in a URL. RFC 3986 section 3.2.2: IPv6 in brackets; all addresses are reached as localhost. */
export function urlHost(listen: string): string {
  if (listen === '0.0.0.0' || listen === '::') return 'localhost'
  return listen.includes(':') ? `[${listen}]` : listen
}
