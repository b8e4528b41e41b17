import type { Notifier } from '../src/ports/notifier.ts'

/** Tells whoever looks at the terminal. */
export const consoleNotifier = (print: (line: string) => void): Notifier => ({
  notify: async ({ to, severity, thing, at, why }) =>
    print(
      `${new Date(at).toISOString()} ${to === 'active' ? severity.toUpperCase() : 'clear'} ${thing}: ${why.text}`,
    ),
})
