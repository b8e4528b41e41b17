import { signal } from '@preact/signals'

export type ThemeChoice = 'system' | 'dark' | 'light'
const KEY = 'telltale.theme'
const kept = localStorage.getItem(KEY)
export const themeChoice = signal<ThemeChoice>(kept === 'dark' || kept === 'light' ? kept : 'system')
const systemDark = matchMedia('(prefers-color-scheme: dark)')
/** Counts changes of the colours in force, for what is drawn on a canvas. */
export const themeVersion = signal(0)

export function applyTheme(): void {
  const choice = themeChoice.value
  document.documentElement.dataset['theme'] = choice === 'system' ? (systemDark.matches ? 'dark' : 'light') : choice
  colours.clear()
  themeVersion.value++
}
systemDark.addEventListener('change', applyTheme)

export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEY, choice)
  themeChoice.value = choice
  applyTheme()
}

const colours = new Map<string, string>()
/** A colour of the theme in force, for canvases. */
export function colour(name: string): string {
  let found = colours.get(name)
  if (found === undefined) {
    found = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
    colours.set(name, found)
  }
  return found
}
