import { signal } from '@preact/signals'
import type { Problem } from '../api/problem.ts'

export interface Session {
  /** Another for every signing in; a renewed token is the same session. */
  id: number
  token: string
}

/** Who is signed in, in this tab only. */
export const session = signal<Session | null>(null)
/** Why the last session ended, if not by choice. */
export const refusal = signal<Problem | null>(null)

const KEY = 'telltale.token'
/** Whoever signs in next says anew who they are: the provider may still know the last one. */
const ANEW = 'telltale.anew'
let sessions = 0

export function signIn(token: string): void {
  sessionStorage.setItem(KEY, token)
  sessionStorage.removeItem(ANEW)
  refusal.value = null
  session.value = { id: ++sessions, token }
}

/** Puts a fresh token in the place of one that is about to end. */
export function renew(token: string): void {
  const { value } = session
  if (!value) return
  sessionStorage.setItem(KEY, token)
  session.value = { ...value, token }
}

export function signOut(why: Problem | null = null): void {
  sessionStorage.clear()
  if (!why) signInAnew()
  refusal.value = why
  session.value = null
}

export const signInAnew = (): void => sessionStorage.setItem(ANEW, 'yes')
export const asksAnew = (): boolean => sessionStorage.getItem(ANEW) !== null

/** Takes a token from the address (#token=…), which it leaves at once, else from this tab's last page. */
export function resumeSession(): void {
  const match = /^#token=([^&]+)(?:&(.*))?$/.exec(location.hash)
  if (match?.[1] !== undefined) {
    history.replaceState(null, '', `${location.pathname}${location.search}#${match[2] ?? '/'}`)
    dispatchEvent(new HashChangeEvent('hashchange'))
    signIn(decodeURIComponent(match[1]))
    return
  }
  const kept = sessionStorage.getItem(KEY)
  if (kept !== null) session.value = { id: ++sessions, token: kept }
}
