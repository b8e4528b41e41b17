import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import { serve } from '@hono/node-server'

export interface HttpListener {
  port: number
  scheme: 'http' | 'https'
  /** Takes the server's present certificate into use. */
  reload(): void
  /** Cuts whatever is still open. */
  close(): Promise<void>
}

export interface ServerIdentity {
  certificatePem: string
  privateKeyPem: string
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.')

/** Serves HTTP on loopback and HTTPS beyond it, where tokens cross a wire; fails like `listen` where the address is taken. */
export async function listenHttp(
  fetch: (request: Request) => Response | Promise<Response>,
  hostname: string,
  port: number,
  identity: () => ServerIdentity,
): Promise<HttpListener> {
  const plain = isLoopback(hostname)
  const context = () => ({ cert: identity().certificatePem, key: identity().privateKeyPem })
  const secure = {
    createServer: createHttpsServer,
    serverOptions: { ...context(), minVersion: 'TLSv1.2' },
  } as const
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const starting = serve({ fetch, hostname, port, ...(plain ? {} : secure) }, () => resolve(starting))
    starting.once('error', reject)
  })
  return {
    port: (server.address() as AddressInfo).port,
    scheme: plain ? 'http' : 'https',
    reload: () => {
      if (server instanceof TlsServer) server.setSecureContext(context())
    },
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
