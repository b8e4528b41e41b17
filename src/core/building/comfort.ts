/** What a thermal comfort index needs of a person and a room: °C, m/s, % relative humidity, met, clo. */
export interface ComfortConditions {
  airC: number
  radiantC: number
  /** Air speed relative to the body. */
  airSpeed: number
  humidityPercent: number
  met: number
  clo: number
}

/** One met is this many W/m² of body surface (ISO 7730 5.2). */
const WATTS_PER_MET = 58.15

/**
 * Predicted mean vote, −3 cold to +3 hot, without external work. ISO 7730:2005 Annex D; Fanger 1970.
 * The clothing temperature is found by damped fixed-point iteration to 1.5e-4 (in hundreds of kelvin).
 */
export function pmv(conditions: ComfortConditions): number {
  const { airC, radiantC, airSpeed, humidityPercent, met, clo } = conditions
  const vapourPa = humidityPercent * 10 * Math.exp(16.6536 - 4030.183 / (airC + 235))
  const insulation = 0.155 * clo
  const metabolic = met * WATTS_PER_MET
  const areaFactor = insulation <= 0.078 ? 1 + 1.29 * insulation : 1.05 + 0.645 * insulation
  const forced = 12.1 * Math.sqrt(airSpeed)
  const airK = airC + 273
  const radiantK = radiantC + 273
  const p1 = insulation * areaFactor
  const p2 = p1 * 3.96
  const p3 = p1 * 100
  const p4 = p1 * airK
  const p5 = 308.7 - 0.028 * metabolic + p2 * (radiantK / 100) ** 4
  let next = (airK + (35.5 - airC) / (3.5 * (6.45 * insulation + 0.1))) / 100
  let surface = next
  let convection = forced
  // 150 rounds as in the standard's program: beyond it the inputs are far outside any room.
  for (let round = 0; round < 150; round++) {
    surface = round === 0 ? next / 2 : (surface + next) / 2
    convection = Math.max(2.38 * Math.abs(100 * surface - airK) ** 0.25, forced)
    next = (p5 + p4 * convection - p2 * surface ** 4) / (100 + p3 * convection)
    if (round > 0 && Math.abs(next - surface) <= 0.00015) break
  }
  const surfaceC = 100 * next - 273
  const diffusion = 3.05e-3 * (5733 - 6.99 * metabolic - vapourPa)
  const sweating = Math.max(0, 0.42 * (metabolic - WATTS_PER_MET))
  const latentBreath = 1.7e-5 * metabolic * (5867 - vapourPa)
  const dryBreath = 0.0014 * metabolic * (34 - airC)
  const radiation = 3.96 * areaFactor * (next ** 4 - (radiantK / 100) ** 4)
  const convected = areaFactor * convection * (surfaceC - airC)
  const load = metabolic - diffusion - sweating - latentBreath - dryBreath - radiation - convected
  return (0.303 * Math.exp(-0.036 * metabolic) + 0.028) * load
}

/** Predicted percentage of dissatisfied, 5–100 %, for a predicted mean vote. ISO 7730:2005 eq. 5. */
export const ppd = (vote: number): number => 100 - 95 * Math.exp(-0.03353 * vote ** 4 - 0.2179 * vote ** 2)

/** Air speed over an active body: walking adds 0.3 m/s per met above one. ISO 7730:2005 Annex C. */
export const relativeAirSpeed = (airSpeed: number, met: number): number =>
  met > 1 ? airSpeed + 0.3 * (met - 1) : airSpeed

/** Clothing that people choose for an outdoor temperature at 6 a.m., clo. ASHRAE 55-2020 fig. 5-4. */
export function clothingFor(outdoorC: number): number {
  if (outdoorC < -5) return 1
  if (outdoorC < 5) return 0.818 - 0.0364 * outdoorC
  return outdoorC < 26 ? 10 ** (-0.1635 - 0.0066 * outdoorC) : 0.46
}

/** Mean of air and radiant temperature as weighted by air speed. ASHRAE 55-2020 Appendix A. */
export function operativeC(airC: number, radiantC: number, airSpeed: number): number {
  const weight = airSpeed < 0.2 ? 0.5 : airSpeed < 0.6 ? 0.6 : 0.7
  return weight * airC + (1 - weight) * radiantC
}

export interface AdaptiveComfort {
  /** null where the running mean lies outside 10–33.5 °C and the model does not hold. */
  comfortC: number | null
  /** Bands in which 80 % and 90 % of people accept the operative temperature. */
  band80: { low: number; high: number } | null
  band90: { low: number; high: number } | null
  acceptable80: boolean
  acceptable90: boolean
}

/** Adaptive comfort in naturally conditioned spaces, ASHRAE 55-2020 5.4; `airSpeed` raises the upper limits. */
export function adaptiveComfort(
  airC: number,
  radiantC: number,
  runningMeanC: number,
  airSpeed: number,
): AdaptiveComfort {
  const valid =
    runningMeanC >= 10 &&
    runningMeanC <= 33.5 &&
    [airC, radiantC].every((t) => t >= 10 && t <= 40) &&
    airSpeed >= 0 &&
    airSpeed <= 2
  if (!valid) return { comfortC: null, band80: null, band90: null, acceptable80: false, acceptable90: false }
  const operative = operativeC(airC, radiantC, airSpeed)
  const comfortC = 0.31 * runningMeanC + 17.8
  const bonus = operative < 25 || airSpeed < 0.6 ? 0 : airSpeed < 0.9 ? 1.2 : airSpeed < 1.2 ? 1.8 : 2.2
  const band80 = { low: comfortC - 3.5, high: comfortC + 3.5 + bonus }
  const band90 = { low: comfortC - 2.5, high: comfortC + 2.5 + bonus }
  const inside = (band: { low: number; high: number }): boolean =>
    operative >= band.low && operative <= band.high
  return { comfortC, band80, band90, acceptable80: inside(band80), acceptable90: inside(band90) }
}

/** Whether ISO 7730 (1) or ASHRAE 55-2020 5.3 covers these conditions at all. */
export function withinLimits(standard: 'iso' | 'ashrae', c: ComfortConditions): boolean {
  const within = (x: number, low: number, high: number): boolean => x >= low && x <= high
  return standard === 'iso'
    ? within(c.airC, 10, 30) &&
        within(c.radiantC, 10, 40) &&
        within(c.airSpeed, 0, 1) &&
        within(c.met, 0.8, 4) &&
        within(c.clo, 0, 2)
    : within(c.airC, 10, 40) &&
        within(c.radiantC, 10, 40) &&
        within(c.airSpeed, 0, 2) &&
        within(c.met, 1, 4) &&
        within(c.clo, 0, 1.5)
}

/** Largest air speed that people accept who cannot change it, m/s; active or warmly clad people accept any. ASHRAE 55-2020 5.3.3.4. */
export function uncontrolledSpeedLimit(c: ComfortConditions): number {
  if (c.clo >= 0.7 || c.met >= 1.3) return Infinity
  const t = operativeC(c.airC, c.radiantC, c.airSpeed)
  if (t <= 23) return 0.2
  return t >= 25.5 ? 0.8 : 50.49 - 4.4047 * t + 0.096425 * t * t
}
