import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseInstance } from '../../../src/core/route/instance.ts'
import { fewestVehicles, type Problem } from '../../../src/core/route/solver/problem.ts'
import { seededRandom } from '../../../src/core/route/solver/random.ts'
import { solve } from '../../../src/core/route/solver/solve.ts'
import { whyImpossible } from '../../../src/core/route/why-impossible.ts'
import { checkRoutes } from './check-routes.ts'

const read = (name: string) => readFileSync(new URL(`../../fixtures/vrp/${name}`, import.meta.url), 'utf8')
/** A clock that never moves: the rounds alone end the search, so that it repeats exactly. */
const within = (rounds: number, seed = 1) => ({
  now: () => 0,
  until: 1,
  rounds,
  random: seededRandom(seed),
})
const idsOf = (problem: Problem, routes: { stops: number[] }[]) =>
  routes.map(({ stops }) => stops.map((stop) => Number(problem.stops[stop]!.id)))

describe('solve', () => {
  it.each([
    ['C101.txt', 'vehicles', 10, 828.94, 12_000],
    ['R102.txt', 'vehicles', 17, 1486.12 * 1.03, 20_000],
    ['A-n32-k5.vrp', 'cost', 5, 784, 15_000],
    ['P-n16-k8.vrp', 'cost', 8, 450, 2_000],
  ] as const)(
    'plans %s by %s with %i vehicles, checked independently',
    (file, objective, vehicles, most, rounds) => {
      const text = read(file)
      const { problem } = parseInstance(text)
      const solution = solve(problem, { objective, ...within(rounds) })
      const checked = checkRoutes(text, idsOf(problem, solution.routes))
      expect(checked.faults).toEqual([])
      expect(checked.distance).toBeCloseTo(solution.cost, 6)
      expect(solution.routes.length).toBeLessThanOrEqual(vehicles)
      expect(solution.cost).toBeLessThanOrEqual(most + 0.005)
    },
  )

  it('gives the same plan for the same seed', () => {
    const { problem } = parseInstance(read('R102.txt'))
    const plan = () => solve(problem, { objective: 'vehicles', ...within(500, 9) })
    expect(plan()).toEqual(plan())
  })

  it('keeps skills, capacities, shifts and open ends of a mixed fleet, and says what fits nowhere', () => {
    const place = fc.record({ x: fc.integer({ min: 0, max: 50 }), y: fc.integer({ min: 0, max: 50 }) })
    const stop = fc.record({
      demand: fc.integer({ min: 1, max: 9 }),
      readyAt: fc.integer({ min: 0, max: 100 }),
      width: fc.integer({ min: 5, max: 120 }),
      serviceTime: fc.integer({ min: 0, max: 5 }),
      needs: fc.integer({ min: 0, max: 3 }),
    })
    const vehicle = fc.record({
      capacity: fc.integer({ min: 5, max: 25 }),
      skills: fc.integer({ min: 0, max: 3 }),
      end: fc.constantFrom(0, null),
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place, stop), { minLength: 1, maxLength: 12 }),
        fc.array(vehicle, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('vehicles', 'cost'),
        (stops, fleet, objective) => {
          const points = [{ x: 25, y: 25 }, ...stops.map(([point]) => point)]
          const between = (a: number, b: number) =>
            Math.hypot(points[a]!.x - points[b]!.x, points[a]!.y - points[b]!.y)
          const matrix = Float64Array.from(points.flatMap((_, a) => points.map((_, b) => between(a, b))))
          const problem: Problem = {
            places: points.length,
            matrices: [{ cost: matrix, duration: matrix }],
            stops: stops.map(([, s], i) => ({ ...s, id: `${i}`, place: i + 1, dueAt: s.readyAt + s.width })),
            vehicles: fleet.map((v, i) => ({ ...v, id: `${i}`, start: 0, shiftStart: 0, shiftEnd: 200 })),
          }
          const solution = solve(problem, { objective, ...within(60) })
          let cost = 0
          for (const route of solution.routes) {
            const by = problem.vehicles[route.vehicle]!
            let [clock, load, here] = [by.shiftStart, 0, by.start]
            for (const index of route.stops) {
              const s = problem.stops[index]!
              cost += between(here, s.place)
              clock = Math.max(clock + between(here, s.place), s.readyAt)
              expect(clock).toBeLessThanOrEqual(s.dueAt + 1e-9)
              expect((s.needs ?? 0) & ~(by.skills ?? 0)).toBe(0)
              clock += s.serviceTime
              load += s.demand
              here = s.place
            }
            if (by.end !== null) {
              clock += between(here, by.end)
              cost += between(here, by.end)
            }
            expect(clock).toBeLessThanOrEqual(by.shiftEnd + 1e-9)
            expect(load).toBeLessThanOrEqual(by.capacity)
          }
          expect(cost).toBeCloseTo(solution.cost, 6)
          const seen = [...solution.routes.flatMap((r) => r.stops), ...solution.unassigned].sort(
            (a, b) => a - b,
          )
          expect(seen).toEqual(problem.stops.map((_, i) => i))
        },
      ),
      { seed: 11, numRuns: 120 },
    )
  })

  it('has nothing to do without stops', () => {
    const { problem } = parseInstance(read('P-n16-k8.vrp'))
    const none = { ...problem, stops: [] }
    expect(solve(none, { objective: 'vehicles', ...within(10) })).toEqual({
      routes: [],
      unassigned: [],
      cost: 0,
    })
    expect(fewestVehicles(none)).toBe(0)
  })
})

const solomon = (rows: string, fleet = '2 50') =>
  `X\n\nVEHICLE\nNUMBER CAPACITY\n${fleet}\n\nCUSTOMER\nCUST NO. XCOORD.\n0 0 0 0 0 100 0\n${rows}\n`
const cvrplib = (coordinates: string, demands: string, type = 'EUC_2D') =>
  `NAME : x\nDIMENSION : 2\nEDGE_WEIGHT_TYPE : ${type}\nCAPACITY : 9\nNODE_COORD_SECTION\n${coordinates}\nDEMAND_SECTION\n${demands}\nDEPOT_SECTION\n1\n-1\nEOF\n`

describe('whyImpossible', () => {
  it.each([
    ['1 30 40 60 0 100 0', /demand of 60 is more than any vehicle carries/],
    ['1 30 40 5 0 49 0', /closes before a vehicle can be there/],
    ['1 30 40 5 0 60 1', /not back in time/],
    ['1 30 40 50 50 50 0', null],
  ])('says why no vehicle can make the stop %s', (row, message) => {
    const why = whyImpossible(parseInstance(solomon(row)).problem, 0)
    if (message) expect(why).toMatch(message)
    else expect(why).toBeNull()
  })
})

describe('parseInstance', () => {
  it('takes the fleet from the file or the caller', () => {
    expect(parseInstance(read('A-n32-k5.vrp')).problem.vehicles).toHaveLength(5)
    expect(parseInstance(read('C101.txt')).problem.vehicles).toHaveLength(25)
    expect(parseInstance(read('C101.txt'), { vehicles: 12 }).problem.vehicles).toHaveLength(12)
  })

  it('reads explicit matrices of every triangle alike', () => {
    const file = (format: string, rows: string) =>
      `NAME : t\nTYPE : CVRP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : ${format}\nCAPACITY : 5\nEDGE_WEIGHT_SECTION\n${rows}\nDEMAND_SECTION\n1 0\n2 3\n3 4\nDEPOT_SECTION\n1\n-1\nEOF\n`
    const forms = {
      FULL_MATRIX: '0 7 8\n7 0 9\n8 9 0',
      LOWER_ROW: '7\n8 9',
      LOWER_DIAG_ROW: '0\n7 0\n8 9 0',
      UPPER_ROW: '7 8\n9',
      UPPER_DIAG_ROW: '0 7 8\n0 9\n0',
    }
    for (const [format, rows] of Object.entries(forms))
      expect([...parseInstance(file(format, rows)).problem.matrices[0]!.cost]).toEqual([
        0, 7, 8, 7, 0, 9, 8, 9, 0,
      ])
  })

  it.each(['R102.txt', 'A-n32-k5.vrp'])(
    'reads the rows of %s in any order and with any line ends',
    (file) => {
      const text = read(file)
      const lines = text.split('\n')
      const isRow = (line: string) => /^\s*\d+\s+-?[\d.]+\s+-?[\d.]+/.test(line) && line.trim().split(/\s+/).length >= 3 // prettier-ignore
      const rows = lines.filter(isRow).toReversed()
      expect(rows.length).toBeGreaterThan(30)
      const turned = `\uFEFF${lines.map((line) => (isRow(line) ? rows.shift()! : line)).join('\r\n')}`
      const whole = (problem: Problem) =>
        JSON.stringify({ ...problem, matrices: problem.matrices.map(({ cost }) => [...cost]) })
      expect(whole(parseInstance(turned).problem) === whole(parseInstance(text).problem)).toBe(true)
    },
  )

  it.each([
    ['hello', /no VRP instance/],
    ['', /no VRP instance/],
    ['NAME : x\nDIMENSION : 3\n', /not a complete/],
    [solomon('1 3 4 5 0 10'), /seven numbers, not "1 3 4 5 0 10"/],
    [solomon('1 3 4 five 0 10 1'), /seven numbers/],
    [solomon('1 3 4 5 20 10 1'), /customer 1 closes at 10, before it opens at 20/],
    [solomon('1 3 4 -5 0 10 1'), /negative/],
    [solomon('1 3 4 5 0 10 1\n1 3 4 5 0 10 1'), /two rows have the number 1/],
    [solomon('1 3 4 5 0 10 1', '0 10'), /fleet of 0 vehicles/],
    [solomon('1 3 4 5 0 10 1', '3 0'), /capacity 0/],
    [cvrplib('1 0 0\n2 3 4', '1 0\n3 5'), /node 2 .* no demand/],
    [cvrplib('1 0 0\n2 3 x', '1 0\n2 5'), /"x" is not a number/],
    [cvrplib('1 0 0\n2 3 4', '1 0\n2 5', 'GEO'), /edge weight type GEO is not supported/],
    [cvrplib('1 0 0', '1 0\n2 5'), /NODE_COORD_SECTION has 1 nodes, DIMENSION says 2/],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parseInstance(text)).toThrow(message)
  })
})
