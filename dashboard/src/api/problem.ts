/** An answer that is none: RFC 9457 problem details, or no connection at all. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  constructor(code: string, status: number, title: string, detail: string) {
    super(detail)
    this.name = 'Problem'
    this.code = code
    this.status = status
    this.title = title
  }
}

/** What a person can do about it, by the API's stable codes (docs/api-errors.md). */
const remedies: Readonly<Record<string, string>> = {
  no_connection: 'Check that the box runs and that this computer reaches it; the page tries again by itself.',
  no_token: 'Sign in again with the token that the box printed when it started.',
  wrong_login:
    'Check the name and the password. After several wrong ones in a row it takes a moment before the next is looked at.',
  bad_token: 'Sign in again: the token has expired, was revoked, or belongs to another box.',
  provider_unreachable:
    'Check the connection. If it stays, whoever runs the provider has to allow this page’s address to ask it (CORS).',
  provider_refused: 'Try again. If it stays, ask whoever runs the provider.',
  foreign_answer: 'Sign in from here.',
  no_access: 'Ask an administrator for a role, or sign in as somebody else.',
  wrong_role: 'Ask an administrator for a token whose role may do this.',
  wrong_site: 'Ask an administrator for a token that covers this site.',
  no_such_device: 'It may have been removed, or your token is not for its site. Look for it under Devices.',
  no_such_alarm: 'It may belong to a site that your token does not cover. Look for it under Alarms.',
  no_such_report: 'Look for it under Reports; one of these days can be made there.',
  no_such_entry: 'It may have expired. Look for it under Quarantine with the status “all”.',
  no_such_path:
    'This installation is older than the page, or this part is not installed. Update the installation.',
  already_handled: 'Somebody else was faster. Reload the list to see the outcome.',
  name_taken: 'Look for it under Devices if you meant to change it.',
  unknown_type: 'Add the device type first, under Devices, Types.',
  unknown_gateway: 'Register the gateway first, in the same trade.',
  range_too_long: 'Choose a shorter range.',
  body_too_large: 'Shorten it: at most 256 KB are taken.',
  too_many_streams: 'Close pages that you do not need; this one polls meanwhile.',
  page_missing: 'Check the connection and try again; after an update of the platform, reload this page.',
  no_history: 'This installation keeps no sealed history.',
  bad_policy: 'Correct the policy: what is coarser must be kept at least as long.',
  no_such_zone: 'Reload: the building has been described anew since.',
  out_of_limits: 'Choose set-points within what the building’s description allows.',
  not_allowed_now: 'Reload to see the present state.',
  internal_error: 'Try again. If it stays, the box’s log says why.',
}

export const remedyOf = ({ code, status }: Problem): string =>
  remedies[code] ??
  (status >= 500 ? 'Try again. If it stays, look at the log.' : 'Correct what was entered and try again.')

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem('page_error', 0, 'the page failed', error instanceof Error ? error.message : String(error))
