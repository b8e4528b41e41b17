const PATIENCE_MS = 10_000

/** Throws unless every path answers as it does to somebody without a token: with the page, or by asking for one. */
export async function watchPage(
  url: string,
  paths: readonly string[],
  fetch: (url: string, init: RequestInit) => Promise<Response>,
): Promise<void> {
  for (const path of paths) {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    await response.body?.cancel()
    if (response.status !== 200 && response.status !== 401)
      throw new Error(`${url}${path} answers ${response.status} instead of the page or a request for a token`)
  }
}
