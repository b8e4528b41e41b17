export interface HostScore {
  /** The version that gave them. */
  version: number
  /** The time after the cut-off within which a failure has these probabilities. */
  horizonHours: number
  /** Calibrated, in the order of the rows. */
  probabilities: number[]
}

/** Where models score: in this process, or behind an endpoint. */
export interface ModelHost {
  /** Scores features by name with the promoted version, null while there is none. A feature that a row lacks is missing to the model. */
  score(rows: readonly Readonly<Record<string, number>>[]): Promise<HostScore | null>
}
