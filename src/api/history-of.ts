import type { ApiPorts } from './ports.ts'
import { ApiProblem } from './problem.ts'

/** The lake, where there is one. */
export const historyOf = (ports: ApiPorts): NonNullable<ApiPorts['history']> => {
  if (!ports.history) throw new ApiProblem('no_history', 'there is no lake')
  return ports.history
}
