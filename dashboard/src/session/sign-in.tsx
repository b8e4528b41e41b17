import { textOf } from '../ui/form.tsx'
import { useEffect, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { asProblem, type Problem } from '../api/problem.ts'
import type { Health } from '../api/types.ts'
import { ProblemNote } from '../ui/parts.tsx'
import { finishSignIn, goSignIn, hostedSignIn } from './hosted-sign-in.ts'
import { refusal, signIn } from './session.ts'

type Hosted = Awaited<ReturnType<typeof hostedSignIn>>

export function SignIn() {
  const [hosted, setHosted] = useState<Hosted>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => {
    document.title = 'Sign in · Telltale'
    hostedSignIn()
      .then(async (found) => {
        setHosted(found)
        if (found) await finishSignIn(found)
      })
      .catch((error: unknown) => setProblem(asProblem(error)))
  }, [])

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const token = textOf(new FormData(event.currentTarget as HTMLFormElement), 'token').trim()
    if (token === '') return
    try {
      await call<Health>('/v1/health', { headers: { authorization: `Bearer ${token}` } })
      signIn(token)
    } catch (error) {
      setProblem(asProblem(error))
    }
  }

  const shown = problem ?? refusal.value
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>Telltale</h1>
        {hosted ? (
          <>
            <p>You sign in on your organisation’s page and come back here.</p>
            <button type="button" class="primary" onClick={() => void goSignIn(hosted)}>
              Sign in
            </button>
          </>
        ) : (
          <>
            <p>
              Enter the token that the box printed when it started. It also lies in the file{' '}
              <code>token</code> of its data directory.
            </p>
            <label class="field">
              <span>Token</span>
              <input name="token" type="password" autocomplete="current-password" required autofocus />
            </label>
            <button type="submit" class="primary">
              Sign in
            </button>
          </>
        )}
        {shown && <ProblemNote problem={shown} />}
      </form>
    </main>
  )
}
