/** What a search may use up, as a share from 0 to 1: of its time or of its rounds, whichever goes first. */
export interface Budget {
  /** Counts one round; gives the share that is spent. The clock is read only now and then. */
  spend(): number
}

export interface BudgetOptions {
  /** Milliseconds of any monotonic clock; the search ends when it reaches `until`. */
  now: () => number
  until: number
  /** Ends the search after this many rounds even if there is time: makes a run repeatable. */
  rounds?: number
}

const CLOCK_EVERY = 16

export function createBudget({ now, until, rounds = Infinity }: BudgetOptions): Budget {
  const begin = now()
  const whole = until - begin
  let spent = 0
  let timeShare = 0
  return {
    spend: () => {
      if (spent % CLOCK_EVERY === 0) timeShare = whole > 0 ? (now() - begin) / whole : 1
      spent += 1
      return Math.max(timeShare, (spent - 1) / rounds)
    },
  }
}
