import { describe, expect, it } from 'vitest'
import type { RetentionPolicy } from '../../src/core/retention/retention.ts'

export interface RetentionCase {
  /** Asks `/v1/retention` as an admin of all sites. */
  ask(method: 'GET' | 'PUT', body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>
  /** One that this runtime takes. */
  policy: RetentionPolicy
  /** Entries of the audit log about it. */
  audited(): Promise<number>
}

/** What people rely on wherever they change how long what is kept. */
export function retentionContract(name: string, make: () => Promise<RetentionCase>): void {
  describe(`retention: ${name}`, () => {
    it('holds a policy that was put, and notes who did it', async () => {
      const { ask, policy, audited } = await make()
      const before = await audited()
      expect((await ask('PUT', policy)).status).toBe(204)
      expect((await ask('GET')).body['policy']).toEqual(policy)
      expect(await audited()).toBe(before + 1)
      // What GET gives can be put as it is.
      expect((await ask('PUT', (await ask('GET')).body['policy'])).status).toBe(204)
    })

    it('refuses one that contradicts itself, by the same sentence, and keeps the one before', async () => {
      const { ask, policy, audited } = await make()
      await ask('PUT', policy)
      const before = await audited()
      const [only] = policy.classes
      const days = only!.days
      for (const [wrong, said] of [
        [
          { ...policy, classes: [{ ...only, days: { ...days, windows: days.readings - 1 } }] },
          /readings ≤ windows ≤ quarters ≤ days/,
        ],
        [{ ...policy, classes: [only, only] }, /exactly one class has no measures/],
        [{ ...policy, classes: [{ ...only, name: 'Not this' }] }, /needs a name of its own/],
        [
          { ...policy, coldAfterDays: policy.warmAfterDays - 1 },
          /coldAfterDays must be at least warmAfterDays/,
        ],
      ] as const) {
        const { status, body } = await ask('PUT', wrong)
        expect([status, body['code'], body['detail']]).toEqual([
          422,
          'bad_policy',
          expect.stringMatching(said),
        ])
      }
      for (const wrong of [
        {},
        { ...policy, classes: [] },
        { ...policy, warmAfterDays: 0 },
        { ...policy, more: 1 },
      ])
        expect((await ask('PUT', wrong)).body['code'], JSON.stringify(wrong)).toBe('bad_body')
      expect((await ask('GET')).body['policy']).toEqual(policy)
      expect(await audited()).toBe(before)
    })
  })
}
