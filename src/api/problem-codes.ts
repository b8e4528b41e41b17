/** Everything that a caller can be told, by its stable code. docs/api-errors.md lists the same table and a test holds the two together. */
export const problemCodes = {
  unknown_parameter: { status: 400, title: 'the query has a parameter that this path does not know' },
  bad_parameter: { status: 400, title: 'a parameter of the path or the query is malformed or out of bounds' },
  bad_range: { status: 400, title: 'the range is empty or inverted; from must lie before to' },
  range_too_long: { status: 400, title: 'the range is longer than one request may ask for; split it' },
  too_much: {
    status: 400,
    title: 'the answer would be too large; ask for a shorter range, fewer series or buckets',
  },
  bad_cursor: { status: 400, title: 'the cursor is none that this path gave; start again without it' },
  bad_json: { status: 400, title: 'the body is not valid JSON in UTF-8' },
  bad_body: { status: 400, title: 'the body does not have the form that this path expects' },
  no_token: { status: 401, title: 'this path needs a bearer token in the Authorization header' },
  bad_token: { status: 401, title: 'the bearer token is unknown, expired or revoked' },
  wrong_role: { status: 403, title: 'the token’s role may not do this' },
  wrong_site: { status: 403, title: 'the token is not for this site' },
  no_such_path: { status: 404, title: 'nothing is served at this path' },
  no_such_device: { status: 404, title: 'no such device, or the token is not for its site' },
  no_such_alarm: { status: 404, title: 'no such alarm, or the token is not for its site' },
  no_such_entry: { status: 404, title: 'no such quarantine entry, or the token is not for its site' },
  no_history: { status: 404, title: 'this installation has no lake of sealed readings' },
  no_such_credential: { status: 404, title: 'the device has no such certificate' },
  not_installed: { status: 404, title: 'these files are not part of this installation' },
  no_live_stream: { status: 404, title: 'this installation has no live stream; poll /v1/latest instead' },
  wrong_method: { status: 405, title: 'the path exists, but not with this method' },
  bad_policy: { status: 422, title: 'the retention policy contradicts itself' },
  already_handled: { status: 409, title: 'the quarantine entry has already been replayed or discarded' },
  body_too_large: { status: 413, title: 'the body is larger than 256 KB' },
  wrong_media_type: { status: 415, title: 'the body must be application/json' },
  unknown_type: { status: 422, title: 'no such device type in this trade; put the type first' },
  unknown_gateway: {
    status: 422,
    title: 'the gateway is not another device of the same trade; register it first',
  },
  internal_error: {
    status: 500,
    title: 'the request failed through no fault of the caller; the log says why',
  },
  too_many_streams: { status: 503, title: 'too many live streams are open; close some or poll' },
} as const

export type ProblemCode = keyof typeof problemCodes
