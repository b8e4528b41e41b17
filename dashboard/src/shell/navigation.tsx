import { useState } from 'preact/hooks'
import { activeAlarms, isUnacknowledged } from '../data/active-alarms.ts'
import { pages, type PageEntry } from '../pages.ts'
import { me } from '../session/me.ts'
import { signOut } from '../session/session.ts'

const groups: readonly (readonly [id: NonNullable<PageEntry['group']>, title: string])[] = [
  ['watch', 'Watch'],
  ['trades', 'Trades'],
  ['manage', 'Manage'],
]

export function Navigation({ path }: { path: string }) {
  const [open, setOpen] = useState(false)
  const waiting = activeAlarms.value?.filter(isUnacknowledged).length ?? 0
  return (
    <nav class={open ? 'navigation open' : 'navigation'} aria-label="Pages">
      <div class="brand">
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
          <path d="M2 18h7l3-10 6 17 3-10 2 3h7" />
        </svg>
        <span>Telltale</span>
        <button
          type="button"
          class="quiet menu"
          aria-expanded={open}
          aria-controls="pages"
          onClick={() => setOpen(!open)}
        >
          Menu
        </button>
      </div>
      <div id="pages" class="pages">
        {groups.map(([id, title]) => (
          <div key={id}>
            <p class="group">{title}</p>
            <ul>
              {pages
                .filter(({ group }) => group === id)
                .map((page) => (
                  <li key={page.path}>
                    <a
                      href={`#/${page.path}`}
                      aria-current={page.path === path ? 'page' : undefined}
                      onClick={() => setOpen(false)}
                    >
                      <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
                        <path d={page.icon} />
                      </svg>
                      {page.title}
                      {page.path === 'alarms' && waiting > 0 && (
                        <span class="count" title={`${waiting} not acknowledged`}>
                          {waiting}
                          <span class="visually-hidden"> not acknowledged</span>
                        </span>
                      )}
                    </a>
                  </li>
                ))}
            </ul>
          </div>
        ))}
        <div class="who">
          <span>
            {me.value?.name}
            <small>{me.value && scopeText(me.value)}</small>
          </span>
          <button type="button" class="quiet small" onClick={() => signOut()}>
            Sign out
          </button>
        </div>
      </div>
    </nav>
  )
}

const scopeText = ({ role, sites }: NonNullable<typeof me.value>): string =>
  sites === null ? role : `${role}, ${sites.length === 1 ? sites[0] : `${sites.length} sites`}`
