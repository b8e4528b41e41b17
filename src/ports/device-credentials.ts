import type { EpochMs } from '../core/telemetry/reading.ts'

/** A certificate by which a device proves who it is. `fingerprint` is the SHA-256 of the certificate in lower-case hex. */
export interface DeviceCredential {
  fingerprint: string
  thing: string
  serial: string
  status: 'active' | 'revoked'
  notBefore: EpochMs
  notAfter: EpochMs
}

/** Where devices connect, and whom they trust there. */
export interface DeviceEndpoint {
  /** mqtts://host:port */
  endpoint: string
  /** The authority that signed the server's certificate. */
  caPem: string
}

/** A root of the platform's own authority, and what it does now. */
export interface TrustRoot {
  fingerprint: string
  madeAt: EpochMs
  notAfter: EpochMs
  /** Signs certificates of devices; the newest does. */
  signsDevices: boolean
  /** Signs the server's certificate; the oldest that can does. */
  signsServer: boolean
  /** From then on devices that know no newer root find the server untrustworthy. */
  switchesAt: EpochMs
}

/** The platform's own authority, where it has one. */
export interface AuthorityDesk {
  /** Oldest first. */
  roots(): TrustRoot[]
  /** A new root beside the others at once, ahead of its time. */
  renewRoot(): Promise<TrustRoot>
  /** Active devices that were given no certificate, and so no root, since the newest root was made. */
  unaware(): string[]
}

/** Everything that a device needs to connect. The private key is given here once and kept nowhere. */
export interface IssuedDeviceCredential extends DeviceEndpoint {
  fingerprint: string
  certificatePem: string
  privateKeyPem: string
}

export interface DeviceCredentials {
  endpoint(): DeviceEndpoint
  /** A new certificate for a registered device, beside those it has. */
  issue(thing: string): Promise<IssuedDeviceCredential>
  /** Newest first. */
  list(thing: string): Promise<DeviceCredential[]>
  /** Refuses the certificate from now on and cuts the thing's connections. Null if the thing has none such. */
  revoke(thing: string, fingerprint: string): Promise<DeviceCredential | null>
}
