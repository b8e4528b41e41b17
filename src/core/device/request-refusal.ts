/** Why a device’s request is not answered with what it asked for. docs/fleet.md lists the same table; a test holds the two together. */
export const refusalCodes = {
  unknown_request: 'nothing here answers requests of that name',
  bad_json: 'the request is no JSON',
  bad_request: 'the request does not have the form that is documented; the error says where',
  no_map: 'this box was started without a road map',
  no_position: 'the vehicle has sent no position yet, and a route begins where it is',
  no_way: 'no road leads there for this vehicle',
  shift_over: 'the destination cannot be reached before the shift ends',
  busy: 'too many routes are being planned; ask again later',
  failed: 'the fault is not the request’s; ask again later',
} as const

/** What a device gets instead: a code to switch on, a sentence for whoever reads it. */
export interface Refusal {
  code: keyof typeof refusalCodes
  error: string
}

export const isRefusal = (answer: object): answer is Refusal => 'code' in answer && 'error' in answer
