import { healthProblem, health } from '../data/health.ts'
import { nowTicking } from '../data/clock.ts'
import { duration, timeOfDay, zoneLabel, zoneOffset } from '../data/format.ts'
import { chooseTheme, themeChoice } from '../data/theme.ts'
import { lastHeardAt, liveState } from '../live/live.ts'
import { plural } from '../data/format.ts'

const stateText = {
  live: 'Live',
  polling: 'Polling',
  connecting: 'Connecting',
  lost: 'Reconnecting',
} as const

export function Head({ title }: { title: string }) {
  const heard = lastHeardAt.value
  const age = nowTicking() - heard
  const stale = heard > 0 && age > 15_000
  const state = healthProblem.value?.code === 'no_connection' || stale ? 'lost' : liveState.value
  const conditions = health.value?.conditions ?? []
  return (
    <header class="head">
      <h1>{title}</h1>
      {conditions.length > 0 && (
        <a class="chip degraded" href="#/settings" title={conditions.map(({ text }) => text).join('\n')}>
          Degraded<span class="word">: {plural(conditions.length, 'condition')}</span>
        </a>
      )}
      <div class="heard" title={`Times are shown in ${zoneLabel()}`}>
        <span class={`live ${state}`}>
          <i aria-hidden="true" />
          <span>{stateText[state]}</span>
        </span>
        <span class="updated">
          <span class="word">updated </span>
          <b>{heard > 0 ? timeOfDay(heard) : '--:--:--'}</b>
          {stale && ` (${duration(age)} ago)`}
        </span>
        <span class="zone">{zoneLabel()}</span>
        <span class="zone-offset">{zoneOffset()}</span>
      </div>
      <button
        type="button"
        class="quiet"
        aria-label="Switch between dark and light"
        onClick={() => chooseTheme(document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark')}
      >
        <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" data-choice={themeChoice.value}>
          <path d="M12 3a9 9 0 1 0 0 18z" class="filled" />
          <path d="M12 3a9 9 0 0 1 0 18" />
        </svg>
      </button>
    </header>
  )
}
