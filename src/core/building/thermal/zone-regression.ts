import { solveBounded } from '../least-squares.ts'
import type { ZoneStep } from './identify-zone.ts'
import type { ZoneModel } from './zone-model.ts'

/** Columns of the regression: plant, sun, people, base through the mass, then plant, sun, people, outdoors through the film. */
const MASS_COLUMNS = 4
const COLUMNS = 8
const BASE = 3

/** The windows are dealt to so many parts in turn, each of which can be left out. */
export const FOLDS = 4

/** Normal equations of one part of the windows. */
export interface Sums {
  fold: number
  /** Whether the fit that is held to the unseen windows may know them. */
  seen: boolean
  massHours: number
  filmHours: number | null
  gram: Float64Array
  right: Float64Array
  yy: number
}

export function sumsOf(
  windows: readonly (readonly ZoneStep[])[],
  unseen: number,
  massHours: number,
  filmHours: number | null,
  stepHours: number,
): Sums[] {
  const parts = Array.from({ length: 2 * FOLDS }, (_, i): Sums => ({
    fold: i % FOLDS,
    seen: i < FOLDS,
    massHours,
    filmHours,
    gram: new Float64Array(COLUMNS * COLUMNS),
    right: new Float64Array(COLUMNS),
    yy: 0,
  }))
  for (const [i, window] of windows.entries()) {
    const late = i >= windows.length - unseen
    addWindow(parts[(i % FOLDS) + (late ? FOLDS : 0)]!, window, stepHours)
  }
  return parts
}

/**
 * Responses of mass and film to each input along one window, with the window's own unknown beginning of both projected
 * out (Golub and Pereyra 1973), so that no day depends on what was before it.
 */
function addWindow(sums: Sums, window: readonly ZoneStep[], stepHours: number): void {
  const { massHours, filmHours, gram, right } = sums
  const a = Math.exp(-stepHours / massHours)
  const f = filmHours === null ? 0 : Math.exp(-stepHours / filmHours)
  const columns = filmHours === null ? MASS_COLUMNS : COLUMNS
  const rows = window.length
  const x = Array.from({ length: columns }, () => new Float64Array(rows))
  const y = new Float64Array(rows)
  const first = window[0]!.temperatureC
  let [throughMass, throughFilm] = [first, first]
  for (let k = 0; k < rows; k++) {
    if (k > 0) {
      const u = window[k - 1]!
      throughMass = a * throughMass + (1 - a) * u.outdoorC
      throughFilm = f * throughFilm + (1 - f) * u.outdoorC
      const inputs = [u.plantKw, u.solarWm2, u.occupied, 1]
      for (let i = 0; i < MASS_COLUMNS; i++) x[i]![k] = a * x[i]![k - 1]! + (1 - a) * inputs[i]!
      for (let i = MASS_COLUMNS; i < columns - 1; i++)
        x[i]![k] = f * x[i]![k - 1]! + (1 - f) * inputs[i - MASS_COLUMNS]!
      if (columns > MASS_COLUMNS) x[columns - 1]![k] = throughFilm - throughMass
    }
    y[k] = window[k]!.temperatureC - throughMass
  }
  for (const gone of beginnings(rows, filmHours === null ? [a] : [a, f]))
    for (const column of [y, ...x]) subtract(column, gone)
  sums.yy += dot(y, y)
  for (let i = 0; i < columns; i++) {
    right[i]! += dot(x[i]!, y)
    for (let j = 0; j <= i; j++) gram[i * COLUMNS + j]! += dot(x[i]!, x[j]!)
  }
}

/** What is left of where a window began, made orthonormal. */
function beginnings(rows: number, decays: readonly number[]): Float64Array[] {
  const found: Float64Array[] = []
  for (const decay of decays) {
    const column = Float64Array.from({ length: rows }, (_, k) => decay ** k)
    for (const before of found) subtract(column, before)
    const norm = Math.sqrt(dot(column, column))
    found.push(column.map((value) => value / norm))
  }
  return found
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let k = 0; k < x.length; k++) sum += x[k]! * y[k]!
  return sum
}

/** Takes out of a column what lies along a unit vector. */
function subtract(column: Float64Array, unit: Float64Array): void {
  const along = dot(column, unit)
  for (let k = 0; k < column.length; k++) column[k]! -= along * unit[k]!
}

/** Nothing but the base may be negative: neither sun nor people nor heaters cool. */
const bounded = Array.from({ length: COLUMNS }, (_, i) => i !== BASE)
/** More than this cannot come through windows alone. */
const MOST_OUTDOOR = 0.5

export function solveZone(
  parts: readonly Sums[],
  which: (part: Sums) => boolean,
): { model: ZoneModel; squares: number } | null {
  const { massHours, filmHours } = parts[0]!
  const columns = filmHours === null ? MASS_COLUMNS : COLUMNS
  const a = new Float64Array(columns * columns)
  const b = new Float64Array(columns)
  let yy = 0
  for (const { gram, right, yy: own } of parts.filter(which)) {
    yy += own
    for (let i = 0; i < columns; i++) {
      b[i]! += right[i]!
      for (let j = 0; j <= i; j++) {
        const value = gram[i * COLUMNS + j]!
        a[i * columns + j]! += value
        if (j < i) a[j * columns + i]! += value
      }
    }
  }
  const w = solveBounded(a, b, bounded.slice(0, columns))
  if (w === null || !(w[0]! > 0)) return null
  // ‖y − Xw‖² = y·y − 2 w·b + w·A·w
  let squares = yy
  for (let i = 0; i < columns; i++) {
    squares -= 2 * w[i]! * b[i]!
    for (let j = 0; j < columns; j++) squares += w[i]! * a[i * columns + j]! * w[j]!
  }
  const resistance = w[0]!
  const model: ZoneModel = {
    resistance,
    capacity: massHours / resistance,
    solar: w[1]! / resistance,
    occupied: w[2]! / resistance,
    base: w[BASE]! / resistance,
    film:
      filmHours === null
        ? null
        : {
            hours: filmHours,
            plant: w[4]!,
            solar: w[5]!,
            occupied: w[6]!,
            outdoor: Math.min(MOST_OUTDOOR, w[7]!),
          },
  }
  return { model, squares }
}
