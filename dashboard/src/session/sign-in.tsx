import { useEffect, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { asProblem, type Problem } from '../api/problem.ts'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { ProblemNote } from '../ui/parts.tsx'
import { pageConfig, type PageConfig, type Provider } from './page-config.ts'
import { finishSignIn, goSignIn, takeAnswer } from './provider-sign-in.ts'
import { refusal, signIn } from './session.ts'

export function SignIn() {
  // Undefined until it is known which ways there are to sign in here: nothing is shown that goes again.
  const [config, setConfig] = useState<PageConfig | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => {
    document.title = 'Sign in · Telltale'
    void begin()
  }, [])
  async function begin(): Promise<void> {
    const answer = takeAnswer()
    const found = await pageConfig()
    if (answer)
      await finishSignIn(found.provider, answer).catch((error: unknown) => setProblem(asProblem(error)))
    setConfig(found)
  }
  const shown = problem ?? refusal.value
  return (
    <main class="sign-in">
      <div class="card">
        <h1>
          <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <path d="M2 18h7l3-10 6 17 3-10 2 3h7" />
          </svg>
          Telltale
        </h1>
        {shown && <ProblemNote problem={shown} />}
        {config?.provider && <ProviderSignIn provider={config.provider} />}
        {config?.provider && config.form !== 'none' && <p class="or">or with what this box knows</p>}
        {config && config.form !== 'none' && <OwnSignIn alone={!config.provider} />}
      </div>
    </main>
  )
}

function ProviderSignIn({ provider }: { provider: Provider }) {
  return (
    <>
      <p>You sign in on your organisation’s page and come back here.</p>
      <button type="button" class="primary" onClick={() => void goSignIn(provider)}>
        {provider.host === undefined ? 'Sign in' : `Sign in with ${provider.host}`}
      </button>
    </>
  )
}

type Way = 'token' | 'password'

/** A box knows the token that it printed, and whoever was added to its users. */
function OwnSignIn({ alone }: { alone: boolean }) {
  const [way, setWay] = useState<Way>('token')
  const { busy, problem, run } = useAction()
  const submit = (form: FormData): void =>
    run(async () => {
      signIn(way === 'token' ? await checked(textOf(form, 'token').trim()) : await logIn(form))
    })
  return (
    <form
      class="stacked"
      onSubmit={(event) => {
        event.preventDefault()
        submit(new FormData(event.currentTarget))
      }}
    >
      <div class="segments" role="group" aria-label="How to sign in">
        {(['token', 'password'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={way === one} onClick={() => setWay(one)}>
            {one === 'token' ? 'With a token' : 'With a password'}
          </button>
        ))}
      </div>
      {way === 'token' ? (
        <Field
          label="Token"
          hint="The box printed it when it started; it also lies in the file “token” of its data directory."
        >
          <input name="token" type="password" autocomplete="current-password" required autofocus={alone} />
        </Field>
      ) : (
        <>
          <Field label="Name">
            <input name="name" autocomplete="username" required autofocus maxLength={64} />
          </Field>
          <Field label="Password" hint="An administrator adds people under Settings, People.">
            <input name="password" type="password" autocomplete="current-password" required />
          </Field>
        </>
      )}
      {problem && <ProblemNote problem={problem} />}
      <button type="submit" class={alone ? 'primary' : ''} disabled={busy}>
        Sign in
      </button>
    </form>
  )
}

async function checked(token: string): Promise<string> {
  await call('/v1/me', { headers: { authorization: `Bearer ${token}` } })
  return token
}

async function logIn(form: FormData): Promise<string> {
  const body = { name: textOf(form, 'name').trim(), password: textOf(form, 'password') }
  return (await call<{ token: string }>('/v1/sessions', { method: 'POST', body })).token
}
