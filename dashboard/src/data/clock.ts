import { signal } from '@preact/signals'

/** How far this computer's clock is behind the platform's; asked with every look at the health. */
export const clockSkewMs = signal(0)
export const now = (): number => Date.now() + clockSkewMs.peek()

/** A second hand for what shows ages. It rests while nobody looks. */
export const tick = signal(Date.now())
setInterval(() => {
  if (!document.hidden) tick.value = Date.now()
}, 1000)
export const nowTicking = (): number => tick.value + clockSkewMs.value
