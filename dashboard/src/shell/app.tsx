import { useEffect, useLayoutEffect } from 'preact/hooks'
import { devices } from '../data/registry.ts'
import { healthProblem } from '../data/health.ts'
import { watchPlatform } from '../data/watch.ts'
import { pages } from '../pages.ts'
import { route } from '../router.ts'
import { me } from '../session/me.ts'
import { session } from '../session/session.ts'
import { SignIn } from '../session/sign-in.tsx'
import { Empty, ProblemNote } from '../ui/parts.tsx'
import { Head } from './head.tsx'
import { fetchAhead, LazyPage } from './lazy-page.tsx'
import { Navigation } from './navigation.tsx'

const FETCH_AHEAD_MS = 3000

export function App() {
  return session.value ? <SignedIn key={session.value.id} /> : <SignIn />
}

function SignedIn() {
  useLayoutEffect(watchPlatform, []) // its requests leave before the first paint, not after it
  useEffect(() => {
    const timer = setTimeout(() => fetchAhead(pages), FETCH_AHEAD_MS)
    return () => clearTimeout(timer)
  }, [])
  const [path = '', subject] = route.value.parts
  const entry = pages.find((page) => page.path === path)
  // A page that only links lead to is about one thing, and named after it.
  const title = entry?.group === null && subject !== undefined ? subject : (entry?.title ?? 'Nothing here')
  useEffect(() => {
    document.title = `${title} · Telltale`
    scrollTo(0, 0)
  }, [title])
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <Navigation path={path} />
      <div class="beside">
        <Head title={title} />
        <main id="main" tabIndex={-1}>
          {healthProblem.value && <ProblemNote problem={healthProblem.value} />}
          {!entry ? (
            <Empty title="There is no page at this address">
              <a href="#/">Go to the overview</a>
            </Empty>
          ) : (
            <LazyPage
              key={entry.path}
              entry={entry}
              ready={devices.value !== null && me.value !== undefined}
            />
          )}
        </main>
      </div>
    </div>
  )
}

function skip(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
