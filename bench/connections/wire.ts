/** What the parent and its two children tell each other. */
export interface Device {
  thing: string
  fingerprint: string
  certificatePem: string
  privateKeyPem: string
}

export type Floor = 'broker' | 'floor'

export interface ServerStart {
  kind: Floor
  dir: string
  devices: Pick<Device, 'thing' | 'fingerprint'>[]
}

export interface ServerUsage {
  cpuMs: number
  rssBytes: number
}

export interface ClientStart {
  kind: Floor
  port: number
  rootPem: string
  devices: Device[]
}

/** One round of connections, which stay open until the next order. */
export interface ClientOrder {
  resume: boolean
  count: number
}

export interface ClientReport {
  connected: number
  resumed: number
  failed: number
}
