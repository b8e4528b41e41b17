import { ApiProblem } from './problem.ts'

/** The lake, where there is one. */
export const historyOf = <History>(ports: { history?: History }): History => {
  if (!ports.history) throw new ApiProblem('no_history', 'there is no lake')
  return ports.history
}
