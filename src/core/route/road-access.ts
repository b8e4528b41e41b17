import type { Tags } from './osm-xml.ts'

/** Who travels: decides access, direction and speed. A truck follows car rules and its own size. */
export type TravelMode = 'car' | 'foot'

/** What a way allows: kilometres per hour each way (0 = closed) and the limits on a vehicle's size (Infinity = none). */
export interface WayAccess {
  forwardKmh: number
  backwardKmh: number
  maxHeightM: number
  maxWeightT: number
  maxWidthM: number
  maxLengthM: number
  /** Goods vehicles are refused (hgv=no). */
  noGoods: boolean
}

/** Free-flow speeds by road class; the same order of magnitude as every open routing engine's defaults. */
const carKmh: Record<string, number> = {
  motorway: 100,
  motorway_link: 70,
  motorroad: 90,
  trunk: 70,
  trunk_link: 65,
  primary: 65,
  primary_link: 60,
  secondary: 60,
  secondary_link: 50,
  tertiary: 50,
  tertiary_link: 40,
  unclassified: 30,
  residential: 30,
  living_street: 6,
  service: 20,
  road: 20,
  track: 15,
}

const footKmh: Record<string, number> = {
  ...Object.fromEntries(Object.keys(carKmh).map((highway) => [highway, 5])),
  footway: 5,
  path: 5,
  pedestrian: 5,
  cycleway: 5,
  bridleway: 4,
  platform: 5,
  corridor: 5,
  steps: 2,
  elevator: 2,
}
for (const closed of ['motorway', 'motorway_link', 'motorroad']) delete footKmh[closed]

const refusing = new Set([
  'no',
  'private',
  'restricted',
  'forestry',
  'agricultural',
  'emergency',
  'military',
  'permit',
  'delivery',
  'customers',
])
const allowing = new Set(['yes', 'permissive', 'designated', 'official', 'destination'])

/** OSM wiki, Key:access: the most special key wins. */
const hierarchy: Record<TravelMode, string[]> = {
  car: ['motorcar', 'motor_vehicle', 'vehicle', 'access'],
  foot: ['foot', 'access'],
}

/** What a way's tags allow, null if the mode may not use it at all. */
export function wayAccess(tags: Tags, mode: TravelMode): WayAccess | null {
  const word = firstWord(tags, hierarchy[mode])
  if (word !== null && refusing.has(word)) return null
  const kmh = baseSpeed(tags, mode)
  if (kmh === null) {
    if (word === null || !allowing.has(word) || !tags.has('highway') || mode === 'car') return null
  }
  const speed = kmh ?? 5
  const direction = mode === 'foot' ? 0 : oneway(tags)
  return {
    forwardKmh: direction < 0 ? 0 : speedLimit(tags, 'forward', speed, mode),
    backwardKmh: direction > 0 ? 0 : speedLimit(tags, 'backward', speed, mode),
    maxHeightM: metres(tags.get('maxheight') ?? tags.get('maxheight:physical')),
    maxWeightT: tonnes(tags.get('maxweight') ?? tags.get('maxgcweight')),
    maxWidthM: metres(tags.get('maxwidth') ?? tags.get('maxwidth:physical')),
    maxLengthM: metres(tags.get('maxlength')),
    noGoods: refusing.has(tags.get('hgv') ?? ''),
  }
}

/** Whether a node (gate, bollard, ford) cannot be passed. */
export function isBarrier(tags: Tags, mode: TravelMode): boolean {
  const word = firstWord(tags, hierarchy[mode])
  if (word !== null && allowing.has(word)) return false
  if (word !== null && refusing.has(word)) return true
  const barrier = tags.get('barrier')
  if (barrier === undefined) return false
  if (mode === 'foot') return barrier === 'fence' || barrier === 'wall'
  return barring.has(barrier) || (barrier === 'gate' && tags.get('locked') === 'yes')
}
const barring = new Set([
  'bollard',
  'block',
  'chain',
  'cycle_barrier',
  'fence',
  'jersey_barrier',
  'kissing_gate',
  'log',
  'motorcycle_barrier',
  'stile',
  'turnstile',
  'wall',
])

const firstWord = (tags: Tags, keys: string[]): string | null => {
  for (const key of keys) {
    const value = tags.get(key)
    if (value !== undefined) return value
  }
  return null
}

function baseSpeed(tags: Tags, mode: TravelMode): number | null {
  if (tags.get('route') === 'ferry' && !tags.has('highway')) {
    const carries = tags.get(mode === 'car' ? 'motor_vehicle' : 'foot') ?? tags.get('motorcar')
    return carries === 'yes' || (mode === 'foot' && carries === undefined) ? 15 : null
  }
  const highway = tags.get('highway') ?? ''
  // Key:sidewalk separate or a motorroad: pedestrians have or need another way.
  if (mode === 'foot' && tags.get('motorroad') === 'yes') return null
  const table = mode === 'car' ? carKmh : footKmh
  if (!Object.hasOwn(table, highway)) return null
  return mode === 'car' && tags.get('motorroad') === 'yes' ? carKmh['motorroad']! : table[highway]!
}

/** 1 with the way, −1 against it, 0 both. Roundabouts and motorways are one-way without saying so. */
function oneway(tags: Tags): number {
  const value = tags.get('oneway:motor_vehicle') ?? tags.get('oneway:vehicle') ?? tags.get('oneway')
  if (value === '-1' || value === 'reverse') return -1
  if (value === 'yes' || value === 'true' || value === '1') return 1
  if (value === 'no' || value === 'false' || value === '0') return 0
  const round = tags.get('junction')
  if (round === 'roundabout' || round === 'circular') return 1
  return tags.get('highway') === 'motorway' ? 1 : 0
}

/** Limits are driven at nine tenths (the usual allowance for traffic and junctions). */
function speedLimit(tags: Tags, way: 'forward' | 'backward', kmh: number, mode: TravelMode): number {
  if (mode === 'foot') return kmh
  const text = tags.get(`maxspeed:${way}`) ?? tags.get('maxspeed')
  if (text === undefined) return kmh
  if (text === 'walk') return 6
  const value = Number.parseFloat(text)
  if (!(value > 0)) return kmh
  return 0.9 * value * (text.includes('mph') ? 1.609344 : text.includes('knots') ? 1.852 : 1)
}

/** "3.5", "3,5 m" or "12'6\"" in metres; Infinity where there is no number. */
function metres(text: string | undefined): number {
  if (text === undefined) return Infinity
  const feet = /^(\d+(?:\.\d+)?)\s*(?:'|ft)\s*(?:(\d+(?:\.\d+)?)\s*(?:"|in)?)?/.exec(text)
  if (feet) return (Number(feet[1]) + Number(feet[2] ?? 0) / 12) * 0.3048
  const value = Number.parseFloat(text.replace(',', '.'))
  return value > 0 ? value : Infinity
}

/** "7.5", "7,5 t", "16000 lbs" or "8 st" in tonnes; Infinity where there is no number. */
function tonnes(text: string | undefined): number {
  const value = Number.parseFloat((text ?? '').replace(',', '.'))
  if (text === undefined || !(value > 0)) return Infinity
  if (/lbs?\b/.test(text)) return value * 0.00045359237
  if (/\bst\b/.test(text)) return value * 0.90718474
  return /kg\b/.test(text) ? value / 1000 : value
}
