import { hostname, networkInterfaces } from 'node:os'
import { isLoopback } from './listen-http.ts'

export interface Machine {
  hostname: string
  addresses: readonly string[]
}

const isEvery = (listen: string): boolean => listen === '0.0.0.0' || listen === '::'
/** RFC 3927, RFC 4291 section 2.5.6: an address of one link means another machine on the next. */
const isLinkLocal = (address: string): boolean => /^(?:169\.254\.|fe[89ab])/i.test(address)

const thisMachine = (): Machine => ({
  hostname: hostname(),
  addresses: Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ internal, address }) => !internal && !isLinkLocal(address))
    .map(({ address }) => address),
})

/** By what others reach a box that listens there: `named` first. All of it stands in the server’s certificate. */
export function servedNames(listen: string, named: readonly string[], machine?: Machine): string[] {
  // Asked only where it is needed: a sandbox may forbid it (systemd's RestrictAddressFamilies without AF_NETLINK).
  const all = (): string[] => {
    const { hostname, addresses } = machine ?? thisMachine()
    return [hostname, ...addresses]
  }
  const own = isLoopback(listen) ? [] : isEvery(listen) ? all() : [listen]
  return [...new Set([...named, ...own])]
}

/** What devices and people elsewhere are told to connect to. */
export const publicHost = (listen: string, named: readonly string[]): string =>
  named[0] ?? servedNames(listen, [])[0] ?? listen
