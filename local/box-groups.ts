import type { Groups } from '../src/ports/device-desk.ts'
import type { GroupStore } from '../src/ports/device-desk-store.ts'

export interface BoxGroups extends Groups {
  membersOf(group: string): Iterable<string>
  forget(thing: string): Promise<void>
}

/** Groups of devices, in memory for searches, on disk before a change is answered. */
export async function openBoxGroups(store: GroupStore): Promise<BoxGroups> {
  const members = new Map<string, Set<string>>()
  for (const { group, thing } of await store.all()) join(group, thing)

  function join(group: string, thing: string): void {
    const known = members.get(group)
    if (known) known.add(thing)
    else members.set(group, new Set([thing]))
  }

  const of = (thing: string): string[] =>
    [...members].flatMap(([name, things]) => (things.has(thing) ? [name] : [])).sort()

  async function remove(group: string, things: readonly string[]): Promise<void> {
    await store.remove(group, things)
    const known = members.get(group)
    for (const thing of things) known?.delete(thing)
    if (known?.size === 0) members.delete(group)
  }

  return {
    list: async () =>
      [...members]
        .map(([name, things]) => ({ name, devices: things.size }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    of: async (thing) => of(thing),
    membersOf: (group) => members.get(group) ?? [],
    add: async (group, things) => {
      await store.add(group, things)
      for (const thing of things) join(group, thing)
    },
    remove,
    forget: async (thing) => {
      for (const group of of(thing)) await remove(group, [thing])
    },
  }
}
