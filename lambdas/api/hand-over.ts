import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { ApiProblem, problemResponse } from '../../src/api/problem.ts'

/** Paths that the function `bulk` answers for: what is a file, or takes long. */
export const isForBulk = (path: string): boolean =>
  /^\/v1\/(reports|export|import|history|retention)(\/|$)/.test(path)

type Answer = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>

/** Requests as `bulk` answers them, or the problem that kept it from answering. */
export const handOver =
  (bulk: Answer, onError: (error: unknown) => void): Answer =>
  async (event) => {
    try {
      return await bulk(event)
    } catch (error) {
      if (!(error instanceof ApiProblem)) onError(error)
      const problem = error instanceof ApiProblem ? error : new ApiProblem('internal_error', 'try again, and tell the operator if it stays') // prettier-ignore
      const response = problemResponse(problem)
      return {
        statusCode: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      }
    }
  }
