/** Where people sign in for the page: an OpenID provider, by authorization code with PKCE (RFC 7636). */
export interface ProviderSignIn {
  /** Addresses of its authorization and its token endpoint. */
  authorize: string
  token: string
  client: string
  /** With spaces between. */
  scope: string
  /** Which of the tokens that it gives the API takes. */
  bearer: 'id' | 'access'
  /** What the page calls it, if it has a name that people know. */
  host?: string
}

/** What the page is told about where it runs: `config.json`. */
export interface PageConfig {
  provider?: ProviderSignIn
  /** Where nobody comes in by a token or a password of the platform's own. */
  form?: 'none'
}
