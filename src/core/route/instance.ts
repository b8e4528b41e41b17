import type { Problem, Stop } from './solver/problem.ts'

/** A benchmark instance: the depot is place 0, stop k is place k + 1 and has the file's number for it as its id. */
export interface Instance {
  name: string
  kind: 'vrptw' | 'cvrp'
  problem: Problem
}

/**
 * Reads a Solomon or CVRPLIB (TSPLIB 95) instance; `vehicles` overrides the size of the fleet. Rows may come in any
 * order. Throws a sentence that names what is wrong.
 */
export function parseInstance(text: string, options: { vehicles?: number } = {}): Instance {
  const plain = text.replace(/^\uFEFF/, '')
  return /^\s*[A-Z_]+\s*:/m.test(plain) ? parseCvrplib(plain, options) : parseSolomon(plain, options)
}

interface Row {
  id: string
  x: number
  y: number
  demand: number
  readyAt: number
  dueAt: number
  serviceTime: number
}

/** Solomon 1987: a name, VEHICLE (number, capacity), CUSTOMER rows, the depot is customer 0. Distances in double precision. */
function parseSolomon(text: string, options: { vehicles?: number }): Instance {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const name = lines.find((line) => line !== '') ?? ''
  const tables = lines.findIndex((line) => /^CUST(OMER)?\b/i.test(line))
  if (tables < 0)
    throw new Error('no VRP instance: expected Solomon’s VEHICLE and CUSTOMER tables or a CVRPLIB header')
  const fleet = lines
    .slice(0, tables)
    .flatMap(numbersOf)
    .find((row) => row.length === 2)
  if (!fleet) throw new Error('the VEHICLE table with NUMBER and CAPACITY is missing')
  const rows = lines
    .slice(tables)
    .filter((line) => /^[-+\d.]/.test(line))
    .map(solomonRow)
  const depot = rows.find(({ id }) => id === '0') ?? rows[0]
  if (!depot) throw new Error('the CUSTOMER table is empty')
  const customers = rows.filter((row) => row !== depot)
  const ordered = [depot, ...customers.sort((a, b) => Number(a.id) - Number(b.id))]
  refuseDuplicates(ordered.map(({ id }) => Number(id)))
  const distance = matrixOf(ordered.length, (i, j) => euclid(ordered[i]!, ordered[j]!))
  return {
    name,
    kind: 'vrptw',
    problem: problemOf(ordered, distance, options.vehicles ?? fleet[0]!, fleet[1]!, depot.dueAt),
  }
}

const numbersOf = (line: string): number[][] =>
  /^[-+\d.eE\s]+$/.test(line) ? [line.split(/\s+/).map(Number)] : []

function solomonRow(line: string): Row {
  const cells = line.split(/\s+/).map(Number)
  if (cells.length !== 7 || cells.some((cell) => !Number.isFinite(cell)))
    throw new Error(`a CUSTOMER row has seven numbers, not "${line}"`)
  const [id, x, y, demand, readyAt, dueAt, serviceTime] = cells as [number, number, number, number, number, number, number] // prettier-ignore
  if (demand < 0 || serviceTime < 0) throw new Error(`customer ${id} has a negative demand or service time`)
  if (readyAt > dueAt) throw new Error(`customer ${id} closes at ${dueAt}, before it opens at ${readyAt}`)
  return { id: String(id), x, y, demand, readyAt, dueAt, serviceTime }
}

function refuseDuplicates(ids: readonly number[]): void {
  const seen = new Set<number>()
  for (const id of ids) if (seen.size === seen.add(id).size) throw new Error(`two rows have the number ${id}`)
}

/** TSPLIB 95 (Reinelt) with the CVRP sections: coordinates or an explicit matrix, rounded as EDGE_WEIGHT_TYPE says. */
function parseCvrplib(text: string, options: { vehicles?: number }): Instance {
  const header = new Map<string, string>()
  const sections = new Map<string, number[]>()
  let section: number[] | null = null
  for (const line of text.split(/\r?\n/).map((l) => l.trim())) {
    if (line === 'EOF') break
    const field = /^([A-Z_]+)\s*:\s*(.*)$/.exec(line)
    if (field && !field[1]!.endsWith('_SECTION')) {
      header.set(field[1]!, field[2]!.trim())
      section = null
    } else if (/^[A-Z_]+\s*:?$/.test(line)) sections.set(line.replace(/\s*:?$/, ''), (section = []))
    else if (section && line !== '') for (const cell of line.split(/\s+/)) section.push(numberOf(cell))
  }
  const size = Number(header.get('DIMENSION'))
  const capacity = Number(header.get('CAPACITY'))
  const demands = new Map(chunks(sections.get('DEMAND_SECTION') ?? [], 2).map(([id, d]) => [id!, d!]))
  if (!(size > 0) || !(capacity > 0) || demands.size !== size)
    throw new Error(
      'not a complete CVRPLIB instance: DIMENSION, CAPACITY or DEMAND_SECTION is missing or disagrees',
    )
  const ids = [...demands.keys()].sort((a, b) => a - b)
  const coordinates = chunks(sections.get('NODE_COORD_SECTION') ?? [], 3).sort((a, b) => a[0]! - b[0]!)
  refuseDuplicates(coordinates.map(([id]) => id!))
  const strange = coordinates.find(([id], i) => id !== ids[i])
  if (strange) throw new Error(`node ${strange[0]} of NODE_COORD_SECTION has no demand`)
  for (const [id, demand] of demands) if (demand < 0) throw new Error(`node ${id} has a negative demand`)
  const depot = sections.get('DEPOT_SECTION')?.[0] ?? ids[0]!
  const order = [depot, ...ids.filter((id) => id !== depot)]
  if (order.length !== size) throw new Error(`the depot ${depot} is none of the nodes`)
  const indexOf = new Map(ids.map((id, i) => [id, i]))
  const flat = weights(header, sections, coordinates, size)
  const service = Number(header.get('SERVICE_TIME') ?? 0)
  // Without the depot, customers count from 1, as CVRPLIB's own solutions do.
  const rows: Row[] = order.map((id, i) => ({
    id: String(i),
    x: 0,
    y: 0,
    demand: demands.get(id) ?? 0,
    readyAt: 0,
    dueAt: Infinity,
    serviceTime: i === 0 ? 0 : service,
  }))
  const at = order.map((id) => indexOf.get(id)!)
  const distance = matrixOf(size, (i, j) => flat(at[i]!, at[j]!))
  const stated = Number(
    header.get('VEHICLES') ?? /trucks:\s*(\d+)/i.exec(header.get('COMMENT') ?? '')?.[1] ?? NaN,
  )
  const vehicles = options.vehicles ?? (stated > 0 ? stated : size - 1)
  const limit = Number(header.get('DISTANCE') ?? Infinity)
  return {
    name: header.get('NAME') ?? '',
    kind: 'cvrp',
    problem: problemOf(rows, distance, vehicles, capacity, limit),
  }
}

type Weight = (i: number, j: number) => number

function weights(
  header: Map<string, string>,
  sections: Map<string, number[]>,
  coordinates: number[][],
  size: number,
): Weight {
  const type = header.get('EDGE_WEIGHT_TYPE') ?? 'EUC_2D'
  const point = (i: number): Row => ({ ...noRow, x: coordinates[i]![1]!, y: coordinates[i]![2]! })
  if (type === 'EXPLICIT')
    return explicit(header.get('EDGE_WEIGHT_FORMAT') ?? '', sections.get('EDGE_WEIGHT_SECTION') ?? [], size)
  if (coordinates.length !== size)
    throw new Error(`NODE_COORD_SECTION has ${coordinates.length} nodes, DIMENSION says ${size}`)
  // TSPLIB 95, section 2: nint is floor(x + 0.5).
  if (type === 'EUC_2D') return (i, j) => Math.floor(euclid(point(i), point(j)) + 0.5)
  if (type === 'CEIL_2D') return (i, j) => Math.ceil(euclid(point(i), point(j)))
  if (type === 'EXACT_2D') return (i, j) => euclid(point(i), point(j))
  throw new Error(`edge weight type ${type} is not supported; use EUC_2D, CEIL_2D, EXACT_2D or EXPLICIT`)
}

function explicit(format: string, list: number[], size: number): Weight {
  const low = (i: number, j: number): number => (Math.max(i, j) * (Math.max(i, j) - 1)) / 2 + Math.min(i, j)
  const up = (i: number, j: number): number => {
    const [a, b] = [Math.min(i, j), Math.max(i, j)]
    return a * size - (a * (a + 1)) / 2 + b - a - 1
  }
  const places: Record<string, Weight> = {
    FULL_MATRIX: (i, j) => i * size + j,
    LOWER_ROW: low,
    UPPER_COL: low,
    LOWER_DIAG_ROW: (i, j) => low(i, j) + Math.max(i, j),
    UPPER_ROW: up,
    LOWER_COL: up,
    UPPER_DIAG_ROW: (i, j) => up(i, j) + Math.min(i, j) + 1,
  }
  const place = places[format]
  if (!place) throw new Error(`edge weight format ${format} is not supported`)
  const pairs = (size * (size - 1)) / 2
  const cells = format === 'FULL_MATRIX' ? size * size : format.includes('DIAG') ? pairs + size : pairs
  if (list.length !== cells)
    throw new Error(`EDGE_WEIGHT_SECTION has ${list.length} weights, ${format} of ${size} nodes ${cells}`)
  return (i, j) => (i === j ? 0 : list[place(i, j)]!)
}

const noRow: Row = { id: '', x: 0, y: 0, demand: 0, readyAt: 0, dueAt: 0, serviceTime: 0 }
const euclid = (a: Row, b: Row): number => Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2)

function numberOf(cell: string): number {
  const value = Number(cell)
  if (!Number.isFinite(value)) throw new Error(`"${cell}" is not a number`)
  return value
}

const chunks = (list: number[], size: number): number[][] =>
  Array.from({ length: Math.floor(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))

function matrixOf(size: number, weight: Weight): Float64Array {
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < size; j += 1) matrix[i * size + j] = i === j ? 0 : weight(i, j)
  return matrix
}

function problemOf(
  rows: Row[],
  distance: Float64Array,
  vehicles: number,
  capacity: number,
  shiftEnd: number,
): Problem {
  if (!(Number.isSafeInteger(vehicles) && vehicles > 0)) throw new Error(`a fleet of ${vehicles} vehicles`)
  if (!(capacity > 0)) throw new Error(`vehicles of capacity ${capacity} carry nothing`)
  const stops: Stop[] = rows.slice(1).map((row, i) => ({
    id: row.id,
    place: i + 1,
    demand: row.demand,
    readyAt: row.readyAt,
    dueAt: row.dueAt,
    serviceTime: row.serviceTime,
  }))
  return {
    places: rows.length,
    matrices: [{ cost: distance, duration: distance }],
    stops,
    vehicles: Array.from({ length: vehicles }, (_, v) => ({
      id: String(v + 1),
      start: 0,
      end: 0,
      capacity,
      shiftStart: rows[0]!.readyAt,
      shiftEnd,
    })),
  }
}
