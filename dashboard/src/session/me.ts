import { signal } from '@preact/signals'
import { call } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'

const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

export interface Me {
  name: string
  role: Role
  /** Null for all. */
  sites: string[] | null
}

/** Who the token stands for: undefined until that is known, null where the platform does not say. */
export const me = signal<Me | null | undefined>(undefined)

export async function loadMe(): Promise<void> {
  me.value = await call<Me>('/v1/me').catch((error: unknown) => {
    if (asProblem(error).code === 'no_such_path') return null
    throw error
  })
}

/** Whether this role may do it. Where the platform does not say, it may: the API has the last word anyway. */
export const may = (role: Role): boolean =>
  me.value === null || (me.value !== undefined && roles.indexOf(me.value.role) >= roles.indexOf(role))

/** Roll-outs span sites: nothing of them is for those who see some sites only. */
export const seesAllSites = (): boolean => (me.value?.sites ?? null) === null
