import { Worker } from 'node:worker_threads'
import { connect, type Handlers } from '../src/adapters/local/rpc.ts'
import type { CommandBook } from '../src/ports/command-book.ts'
import type {
  GroupStore,
  ProvisioningStore,
  RetirementStore,
  VitalStore,
} from '../src/ports/device-desk-store.ts'
import type { ExecutionStore, JobStore } from '../src/ports/job-desk.ts'
import type { PeopleStore } from '../src/ports/people.ts'
import type { ShadowStore } from '../src/ports/shadow-desk.ts'

export interface DeviceStores {
  shadows: ShadowStore
  commands: CommandBook
  jobs: JobStore & ExecutionStore
  people: PeopleStore
  provisioning: ProvisioningStore
  vitals: VitalStore
  retirements: RetirementStore
  groups: GroupStore
  /** Forgets a device in all of them; gives how many rows went. */
  erase(thing: string): Promise<number>
  close(): Promise<void>
}

/** Starts the thread of `threads/devices.ts`; each store is a port whose functions cross to it. */
export function startDeviceStores(dir: string): DeviceStores {
  const worker = new Worker(new URL('./threads/devices.ts', import.meta.url), { workerData: { dir } })
  const { call } = connect<Handlers>(worker)
  const store = (name: Exclude<keyof DeviceStores, 'erase' | 'close'>): never =>
    new Proxy({} as never, {
      get: (_, method) =>
        typeof method === 'string' && method !== 'then'
          ? (...args: unknown[]) => call[`${name}.${method}`]!(...(args as never[]))
          : undefined,
    })
  return {
    shadows: store('shadows'),
    commands: store('commands'),
    jobs: store('jobs'),
    people: store('people'),
    provisioning: store('provisioning'),
    vitals: store('vitals'),
    retirements: store('retirements'),
    groups: store('groups'),
    erase: (thing) => call['erase']!(thing as never) as Promise<number>,
    close: async () => {
      await call['close']!()
      await worker.terminate()
    },
  }
}
