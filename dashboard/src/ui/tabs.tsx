import type { ComponentChildren } from 'preact'
import { route, setQuery } from '../router.ts'

/** Which tab the address names: `tab=…`, else the first. */
export const chosenTab = <T extends string>(tabs: readonly (readonly [id: T, title: string])[]): T => {
  const asked = route.value.query.get('tab')
  return tabs.find(([id]) => id === asked)?.[0] ?? tabs[0]![0]
}

/** Tabs whose choice lies in the address. Arrow keys move between them (ARIA Authoring Practices, tabs). */
export function Tabs(props: {
  label: string
  tabs: readonly (readonly [id: string, title: string])[]
  children?: ComponentChildren
}) {
  const { label, tabs, children } = props
  const chosen = chosenTab(tabs)
  const choose = (id: string): void => setQuery({ tab: id === tabs[0]![0] ? null : id })
  function onKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const at = tabs.findIndex(([id]) => id === chosen)
    choose(tabs[(at + step + tabs.length) % tabs.length]![0])
    const list = event.currentTarget as HTMLElement
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus())
  }
  return (
    <div class="toolbar">
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKey}>
        {tabs.map(([id, title]) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={chosen === id}
            tabIndex={chosen === id ? 0 : -1}
            onClick={() => choose(id)}
          >
            {title}
          </button>
        ))}
      </div>
      {children}
    </div>
  )
}
