/** The OpenID provider where people sign in: Cognito on AWS, the organisation's own for a box that was given one. */
export interface Provider {
  authorize: string
  token: string
  client: string
  scope: string
  /** Which of its tokens the API takes. */
  bearer: 'id' | 'access'
  host?: string
}

/** What config.json says; a box without a provider has an empty one. */
export interface PageConfig {
  provider?: Provider
  /** Nobody comes in by the platform's own tokens and passwords. */
  form?: 'none'
}

export async function pageConfig(): Promise<PageConfig> {
  try {
    return (await (await fetch('./config.json')).json()) as PageConfig
  } catch {
    return {}
  }
}

export const nameOf = ({ host }: Provider): string => host ?? 'the sign-in page'
