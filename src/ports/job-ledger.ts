/** Which minute each job has finished. A minute is noted only after everything that came of it is stored. */
export interface JobLedger {
  /** The last finished minute (since the epoch), null before the first. */
  last(job: string): Promise<number | null>
  /** Never moves back. */
  finish(job: string, minute: number): Promise<void>
}
