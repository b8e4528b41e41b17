import { pmv, type ComfortConditions } from './comfort.ts'

const STEFAN_BOLTZMANN = 5.6697e-8
const NEUTRAL = { skinC: 33.7, coreC: 36.8, bloodFlow: 6.3 }
const BODY = { areaM2: 1.8258, massKg: 69.9 }
/** Saturated vapour pressure, torr (Antoine, as the standard has it). */
const saturation = (celsius: number): number => Math.exp(18.6686 - 4030.183 / (celsius + 235))

/**
 * Standard effective temperature, °C: the room with still air, 50 % humidity and standard clothing that strains the
 * body as these conditions do after an hour. Two-node model, Gagge, Fobelets and Berglund 1986; ASHRAE 55-2020
 * normative Appendix D. `stillBody` leaves out the air that the body's own movement stirs (for the cooling effect).
 */
export function standardEffectiveTemperature(conditions: ComfortConditions, stillBody = false): number {
  const { airC, radiantC, met, clo } = conditions
  const vapour = (conditions.humidityPercent * saturation(airC)) / 100
  const speed = Math.max(conditions.airSpeed, 0.1)
  const restingHeat = met * 58.2
  const clothing = 0.155 * clo
  const area = 1 + 0.15 * clo
  const lewis = 2.2
  const permeation = clo > 0 ? 0.45 : 1
  const wettestSkin = clo > 0 ? 0.59 * speed ** -0.08 : 0.38 * speed ** -0.29
  const stirred = !stillBody && met > 0.85 ? 5.66 * (met - 0.85) ** 0.39 : 0
  const convection = Math.max(3, 8.600001 * speed ** 0.53, stirred)
  let radiation = 4.7
  let air = 1 / (area * (radiation + convection))
  let operative = (radiation * radiantC + convection * airC) / (radiation + convection)
  const breath = 0.0023 * restingHeat * (44 - vapour) + 0.0014 * restingHeat * (34 - airC)
  const neutralBody = 0.1 * NEUTRAL.skinC + 0.9 * NEUTRAL.coreC
  let [skin, core, flow, share] = [NEUTRAL.skinC, NEUTRAL.coreC, NEUTRAL.bloodFlow, 0.1]
  let heat = restingHeat
  let evaporation = 0.1 * met
  let wettedness = 0
  let dry = 0
  for (let minute = 0; minute < 60; minute++) {
    let surface = (air * skin + clothing * operative) / (air + clothing)
    // The standard stops at 0.01 K; 150 rounds guard against inputs that never settle.
    for (let round = 0; round < 150; round++) {
      radiation = 4 * 0.95 * STEFAN_BOLTZMANN * ((surface + radiantC) / 2 + 273.15) ** 3 * 0.73
      air = 1 / (area * (radiation + convection))
      operative = (radiation * radiantC + convection * airC) / (radiation + convection)
      const next = (air * skin + clothing * operative) / (air + clothing)
      const settled = Math.abs(next - surface) <= 0.01
      surface = next
      if (settled) break
    }
    dry = (skin - operative) / (air + clothing)
    const toSkin = (core - skin) * (5.28 + 1.163 * flow)
    const coreGain = heat - toSkin - breath
    const skinGain = toSkin - dry - evaporation
    skin += (skinGain * BODY.areaM2) / (0.97 * share * BODY.massKg * 60)
    core += (coreGain * BODY.areaM2) / (0.97 * (1 - share) * BODY.massKg * 60)
    const warmSkin = Math.max(0, skin - NEUTRAL.skinC)
    const coldSkin = Math.max(0, NEUTRAL.skinC - skin)
    const warmCore = Math.max(0, core - NEUTRAL.coreC)
    const coldCore = Math.max(0, NEUTRAL.coreC - core)
    const warmBody = Math.max(0, share * skin + (1 - share) * core - neutralBody)
    flow = Math.min(90, Math.max(0.5, (NEUTRAL.bloodFlow + 120 * warmCore) / (1 + 0.5 * coldSkin)))
    const sweat = Math.min(500, 170 * warmBody * Math.exp(warmSkin / 10.7))
    let sweating = 0.68 * sweat
    const capacity = saturation(skin) - vapour
    const most = capacity / (1 / (lewis * area * convection) + clothing / (lewis * permeation)) || 0.001
    wettedness = 0.06 + 0.94 * (sweating / most)
    let diffusing = wettedness * most - sweating
    if (wettedness > wettestSkin) {
      wettedness = wettestSkin
      sweating = (wettestSkin / 0.94) * most
      diffusing = 0.06 * (1 - wettestSkin / 0.94) * most
    }
    if (most < 0) {
      wettedness = wettestSkin
      sweating = 0
      diffusing = 0
    }
    evaporation = sweating + diffusing
    heat = restingHeat + 19.4 * coldSkin * coldCore
    share = 0.0417737 + 0.7451833 / (flow + 0.585417)
  }
  const standardConvection = Math.max(3, stirred)
  const standardClo = 1.52 / (met + 0.6944) - 0.1835
  const standardInsulation = 0.155 * standardClo
  const standardArea = 1 + 0.25 * standardClo
  const transfer = standardConvection + radiation
  const efficiency = 1 / (1 + 0.155 * standardArea * transfer * standardClo)
  const ratio = standardConvection / transfer
  const standardPermeation = (0.45 * ratio * (1 - efficiency)) / (ratio - efficiency * 0.45)
  const dryCoefficient = 1 / (1 / (standardArea * transfer) + standardInsulation)
  const wetCoefficient =
    1 / (1 / (lewis * standardArea * standardConvection) + standardInsulation / (lewis * standardPermeation))
  const lost = dry + evaporation
  const excess = (t: number): number =>
    lost -
    dryCoefficient * (skin - t) -
    wettedness * wetCoefficient * (saturation(skin) - 0.5 * saturation(t))
  return bisect(excess, -150, 150)
}

/** Root of a rising function to about 1e-9; the nearer end where there is none. */
function bisect(f: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 60 && high - low > 1e-9; i++) {
    const middle = (low + high) / 2
    if (f(middle) < 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * How much cooler still air would have to be to feel like this moving air, K; 0 at or below 0.1 m/s and where moving
 * air warms. ASHRAE 55-2020 Appendix D, elevated air speed method.
 */
export function coolingEffect(conditions: ComfortConditions): number {
  if (conditions.airSpeed <= 0.1) return 0
  const target = standardEffectiveTemperature(conditions, true)
  const still = (ce: number): number =>
    standardEffectiveTemperature(
      { ...conditions, airC: conditions.airC - ce, radiantC: conditions.radiantC - ce, airSpeed: 0.1 },
      true,
    )
  // No such room within 40 K: the method does not hold, and no bonus is given.
  if (still(0) <= target || still(40) > target) return 0
  return bisect((ce) => target - still(ce), 0, 40)
}

/** Predicted mean vote with the elevated air speed method of ASHRAE 55-2020 5.3. */
export function pmvAshrae(conditions: ComfortConditions): number {
  const ce = coolingEffect(conditions)
  if (ce <= 0) return pmv(conditions)
  const { airC, radiantC } = conditions
  return pmv({ ...conditions, airC: airC - ce, radiantC: radiantC - ce, airSpeed: 0.1 })
}
