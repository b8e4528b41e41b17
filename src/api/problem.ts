import { problemCodes, type ProblemCode } from './problem-codes.ts'

/** Where in the request it lies, and what is wrong there. */
export interface Fault {
  at: string
  message: string
}

/** A request that cannot be answered. Thrown anywhere below a route, rendered once as RFC 9457 problem details. */
export class ApiProblem extends Error {
  readonly code: ProblemCode
  readonly faults: readonly Fault[]
  readonly headers: Readonly<Record<string, string>>
  constructor(
    code: ProblemCode,
    detail: string,
    faults: readonly Fault[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.name = 'ApiProblem'
    this.code = code
    this.faults = faults
    this.headers = headers
  }
}

/** A body may repeat a name of its path, but not name another. */
export function refuseOther(field: string, said: string | undefined, path: string): void {
  if (said !== undefined && said !== path)
    throw new ApiProblem('bad_body', `${field}: the path says ${path}`, [
      { at: field, message: `the path says ${path}` },
    ])
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** RFC 9457 section 3: type identifies the problem; code is its last part, for those who switch on it. */
export function problemResponse({ code, message, faults, headers }: ApiProblem): Response {
  const { status, title } = problemCodes[code]
  const body = {
    type: `urn:telltale:problem:${code}`,
    title,
    status,
    code,
    detail: message,
    ...(faults.length > 0 && { errors: faults }),
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, 'content-type': PROBLEM_MEDIA_TYPE },
  })
}
