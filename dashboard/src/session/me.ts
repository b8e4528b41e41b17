import { signal } from '@preact/signals'
import { call } from '../api/client.ts'

const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

export interface Me {
  name: string
  role: Role
  /** Null for all. */
  sites: string[] | null
}

/** Who the token stands for; null until that is known. */
export const me = signal<Me | null>(null)

export async function loadMe(): Promise<void> {
  me.value = await call<Me>('/v1/me')
}

/** Whether this role may do it. While nothing is known it may: the API has the last word anyway. */
export const may = (role: Role): boolean =>
  me.value === null || roles.indexOf(me.value.role) >= roles.indexOf(role)
