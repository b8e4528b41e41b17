/** What can go wrong with a sensor whatever it measures; `severity` is 0 where it works. */
export const sensorModes = {
  /** Says the same for ever. */
  stuckSensor: (held: number) => held,
  /** Wanders off by up to 60 % of what it reads. */
  sensorDrift: (_held: number, value: number, severity: number) => value * (1 + 0.6 * severity),
  /** Says nothing. */
  sensorDropout: () => null,
} as const satisfies Record<string, (held: number, value: number, severity: number) => number | null>

export type SensorMode = keyof typeof sensorModes
export const isSensorMode = (mode: string): mode is SensorMode => Object.hasOwn(sensorModes, mode)
