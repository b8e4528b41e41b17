/** Carnot share that real heat pumps and chillers reach (0.35–0.5 in EN 14511 tests). */
const CARNOT_SHARE = 0.4
/** Coils are this much warmer or colder than what they exchange heat with. */
const COIL_K = 10
/** Below it a back-up heater, above it fans and pumps set the limit. */
const LEAST = 1.5
const MOST = 6

const clamp = (cop: number): number => Math.min(MOST, Math.max(LEAST, cop))

/** Expected coefficient of performance when heating a room from outdoor air. */
export function heatingCop(outdoorC: number, roomC = 21): number {
  const hot = roomC + COIL_K + 273.15
  const cold = outdoorC - COIL_K / 2 + 273.15
  return hot - cold <= 5 ? MOST : clamp((CARNOT_SHARE * hot) / (hot - cold))
}

/** Expected coefficient of performance when cooling a room against outdoor air. */
export function coolingCop(outdoorC: number, roomC = 24): number {
  const hot = outdoorC + COIL_K + 273.15
  const cold = roomC - COIL_K + 273.15
  return hot - cold <= 5 ? MOST : clamp((CARNOT_SHARE * cold) / (hot - cold))
}
