import { beforeAll, describe, expect, it } from 'vitest'
import type { Groups } from '../../src/ports/device-desk.ts'

export type GroupsUnderTest = Groups & { forget(thing: string): Promise<void> }

/** What every keeper of groups promises. `make` gives one without groups whose names begin with `gr-`. */
export function groupsContract(name: string, make: () => Promise<GroupsUnderTest>): void {
  describe(`groups: ${name}`, () => {
    let groups: GroupsUnderTest
    beforeAll(async () => {
      groups = await make()
    })
    const own = async () => (await groups.list()).filter((group) => group.name.startsWith('gr-'))

    it('begin with their first member and end with their last', async () => {
      await groups.add('gr-a', ['gt-2', 'gt-1'])
      await groups.add('gr-a', ['gt-2'])
      await groups.add('gr-b c/ü', ['gt-2'])
      expect(await own()).toEqual([{ name: 'gr-a', devices: 2 }, { name: 'gr-b c/ü', devices: 1 }]) // prettier-ignore
      expect(await groups.of('gt-2')).toEqual(['gr-a', 'gr-b c/ü'])
      expect(await groups.of('gt-9')).toEqual([])
      await groups.remove('gr-b c/ü', ['gt-2', 'gt-9'])
      expect(await own()).toEqual([{ name: 'gr-a', devices: 2 }])
    })

    it('lose a device that is no more', async () => {
      await groups.add('gr-c', ['gt-3'])
      await groups.add('gr-d', ['gt-3', 'gt-4'])
      await groups.forget('gt-3')
      expect(await groups.of('gt-3')).toEqual([])
      expect((await own()).filter(({ name }) => name > 'gr-b')).toEqual([{ name: 'gr-d', devices: 1 }])
    })
  })
}
