import { asProblem } from '../api/problem.ts'
import { pageConfig } from './page-config.ts'
import { renew, session } from './session.ts'
import { askTokens, type Tokens } from './token-endpoint.ts'

const REFRESH = 'telltale.refresh'
/** A token is renewed this long before it ends, or in the last quarter of a short life. */
const AHEAD_S = 300
const AGAIN_S = 30

let timer: ReturnType<typeof setTimeout> | undefined

/** The provider's tokens end soon; the page is open all day. */
export function keepRenewed({ refresh, livesS }: Tokens): void {
  if (refresh !== undefined) sessionStorage.setItem(REFRESH, refresh)
  renewIn(Math.max(AGAIN_S, livesS - Math.min(AHEAD_S, livesS / 4)))
}

/** A tab that was reloaded goes on renewing. */
export function resumeRenewal(): void {
  if (sessionStorage.getItem(REFRESH) !== null) void renewNow()
}

function renewIn(seconds: number): void {
  clearTimeout(timer)
  timer = setTimeout(() => void renewNow(), seconds * 1000)
}

async function renewNow(): Promise<void> {
  const refresh = sessionStorage.getItem(REFRESH)
  const { id } = session.peek() ?? {}
  if (refresh === null || id === undefined) return
  try {
    const { provider } = await pageConfig()
    if (!provider) return renewIn(AGAIN_S)
    const tokens = await askTokens(provider, { grant_type: 'refresh_token', refresh_token: refresh })
    if (session.peek()?.id !== id) return // signed out meanwhile
    renew(tokens.bearer)
    keepRenewed(tokens)
  } catch (error) {
    const { status } = asProblem(error)
    // Without a network it is tried again soon; a refusal shows as soon as the API refuses the old token.
    if (status >= 400 && status < 500) sessionStorage.removeItem(REFRESH)
    else renewIn(AGAIN_S)
  }
}
