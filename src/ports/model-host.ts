/** Where models score: in this process, or behind an endpoint. */
export interface ModelHost {
  /**
   * Calibrated probabilities in the order of the rows, and the version that gave them; null while no version is promoted.
   * A feature that a row lacks is missing to the model.
   */
  score(
    rows: readonly Readonly<Record<string, number>>[],
  ): Promise<{ version: number; probabilities: number[] } | null>
}
