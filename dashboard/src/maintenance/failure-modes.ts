import { call } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'

export interface FailureMode {
  id: string
  machine: string
  component: string
  mode: string
  action: string
}

/** The table of what may fail; null where this installation has none. */
export async function failureModes(signal: AbortSignal): Promise<readonly FailureMode[] | null> {
  try {
    return (await call<{ items: FailureMode[] }>('/v1/maintenance/modes', { signal })).items
  } catch (error) {
    if (asProblem(error).code === 'no_such_path') return null
    throw error
  }
}
