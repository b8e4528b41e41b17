import type { EpochMs } from '../src/core/telemetry/reading.ts'
import type { Random } from './random.ts'

/** A quantity that runs through time: called with the time and the seconds since the call before, gives its value. */
export type Process = (at: EpochMs, seconds: number) => number

export const constant =
  (value: number): Process =>
  () =>
    value

/** Independent normal noise around zero. */
export const noise =
  (random: Random, spread: number): Process =>
  () =>
    spread * random.normal()

/** A mean-reverting walk around zero with this spread and time constant (Ornstein and Uhlenbeck 1930, stepped exactly). */
export function wander(random: Random, spread: number, timeConstantS: number): Process {
  let value = spread * random.normal()
  return (_at, seconds) => {
    const keep = Math.exp(-seconds / timeConstantS)
    value = value * keep + spread * Math.sqrt(1 - keep * keep) * random.normal()
    return value
  }
}

/** A sine through the period, highest `peakS` seconds after the epoch's multiples of it. */
export const cycle =
  (amplitude: number, periodS: number, peakS: number): Process =>
  (at) =>
    amplitude * Math.cos((2 * Math.PI * (at / 1000 - peakS)) / periodS)

/** Stays on a level for an exponential time, then picks another. */
export function levels(random: Random, choices: readonly number[], meanStayS: number): Process {
  const pick = (): number => choices[Math.floor(random.uniform() * choices.length)]!
  const stay = (): number => -meanStayS * Math.log(1 - random.uniform())
  let level = pick()
  let left = stay()
  return (_at, seconds) => {
    for (left -= seconds; left <= 0; left += stay()) level = pick()
    return level
  }
}

export const sum =
  (...parts: readonly Process[]): Process =>
  (at, seconds) => {
    let total = 0
    for (const part of parts) total += part(at, seconds)
    return total
  }

export const within =
  (low: number, high: number, inner: Process): Process =>
  (at, seconds) =>
    Math.min(high, Math.max(low, inner(at, seconds)))

/** A first-order lag: follows its input with this time constant, and starts where the input starts. */
export function lag(timeConstantS: number): (input: number, seconds: number) => number {
  let value = Number.NaN
  return (input, seconds) => {
    value = value === value ? input + (value - input) * Math.exp(-seconds / timeConstantS) : input
    return value
  }
}
