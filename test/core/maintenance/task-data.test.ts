import { describe, expect, it } from 'vitest'
import { crossValidateFailure } from '../../../src/core/maintenance/failure-task.ts'
import { predictTask, trainTask } from '../../../src/core/maintenance/task-data.ts'
import { cardOf } from '../../../src/core/maintenance/model-card.ts'
import { reportRul } from '../../../src/core/maintenance/rul-task.ts'
import { seededRandom } from '../../../src/core/maintenance/seeded-random.ts'
import { parseTable } from '../../../src/core/maintenance/table.ts'
import { readXgboostModel, writeXgboostModel } from '../../../src/core/maintenance/xgboost-model.ts'
import { fleetOfRuns } from './synthetic-runs.ts'

const header = [
  'UDI',
  'Product ID',
  'Type',
  'Air temperature [K]',
  'Process temperature [K]',
  'Rotational speed [rpm]',
  'Torque [Nm]',
  'Tool wear [min]',
  'Machine failure',
  'OSF',
]

/** A milling machine that fails by heat and by overstrain, and now and then for no reason. */
function machineRows(seed: number, count: number): string[][] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, i) => {
    const type = ['L', 'L', 'L', 'M', 'M', 'H'][Math.floor(random() * 6)]!
    const air = 296 + random() * 8
    const process = air + 8 + random() * 3
    const rpm = 1250 + random() * 700
    const torque = 15 + random() * 50
    const wear = random() * 240
    const overstrain = torque * wear > { L: 11000, M: 12000, H: 13000 }[type]!
    const heat = process - air < 8.4 && rpm < 1380
    const failed = overstrain || heat || random() < 0.003
    const values = [air.toFixed(1), process.toFixed(1), rpm.toFixed(0), torque.toFixed(1), wear.toFixed(0)]
    return [String(i + 1), `${type}${i}`, type, ...values, failed ? '1' : '0', overstrain ? '1' : '0']
  })
}

const csv = (names: readonly string[], rows: readonly string[][], order = names.map((_, i) => i)): string =>
  `\uFEFF${[names, ...rows].map((row) => order.map((i) => row[i]!).join(',')).join('\r\n')}\n`

describe('trainTask', () => {
  const training = csv(header, machineRows(1, 1000))
  const fresh = machineRows(2, 400)
  const model = trainTask('failure', training, { seed: 1 })

  it('predicts failures of machines that it has not seen, whatever the order of columns, without labels', () => {
    const order = [7, 6, 5, 4, 3, 2, 0]
    const { predictions } = predictTask(model, csv(header, fresh, order))
    const right = predictions.filter(({ failure }, i) => failure === (fresh[i]![8] === '1')).length
    expect(right / fresh.length).toBeGreaterThan(0.97)
    expect(predictions[4]!.id).toBe('5')
    expect(predictTask(model, csv(header, fresh)).predictions).toEqual(predictions)
  })

  it('learns the same, and finds itself as good, in whatever order rows are written down', () => {
    const rows = machineRows(1, 400)
    const mixed = csv(header, rows.toReversed())
    const ordered = csv(header, rows)
    expect(trainTask('failure', mixed, { seed: 1 })).toEqual(trainTask('failure', ordered, { seed: 1 }))
    const found = (text: string) => crossValidateFailure(parseTable(text), { seed: 1, folds: 3 })
    expect(found(mixed)).toEqual(found(ordered))
  })

  it('learns nothing from identifiers and outcomes', () => {
    const inputs = ['air_temperature', 'process_temperature', 'rotational_speed', 'torque', 'tool_wear', 'type'] // prettier-ignore
    expect(model.featureNames).toEqual(expect.arrayContaining([...inputs, 'derived.strain']))
    for (const name of model.featureNames) expect(name).not.toMatch(/udi|product|failure|osf/)
  })

  it('refuses another unit and what is no number, and excludes only what is there', () => {
    const [row] = fresh
    const celsius = header.map((name) => name.replace('temperature [K]', 'temperature [°C]'))
    expect(() => predictTask(model, csv(celsius, [row!]))).toThrow(
      'column air_temperature is in °C, the model was trained on K',
    )
    const bare = header.map((name) => name.replace(/ \[.*/, ''))
    expect(predictTask(model, csv(bare, [row!])).predictions).toHaveLength(1)
    const words = row!.map((cell, i) => (i === 6 ? 'much' : cell))
    expect(() => predictTask(model, csv(header, [row!, words]))).toThrow('row 2 has torque much')
    expect(() => trainTask('failure', training, { seed: 1, exclude: ['Torqe'] })).toThrow(
      'there is no column torqe to exclude',
    )
  })

  it('predicts the same after a round trip through the model file', () => {
    const again = readXgboostModel(writeXgboostModel(model))
    expect(predictTask(again, csv(header, fresh))).toEqual(predictTask(model, csv(header, fresh)))
  })

  it('takes another table by its label column', () => {
    const names = header.map((name) => (name === 'Machine failure' ? 'Broke down' : name))
    const renamed = csv(names, machineRows(1, 400))
    expect(() => trainTask('failure', renamed, { seed: 1 })).toThrow(/name one with --label/)
    const other = trainTask('failure', renamed, {
      seed: 1,
      label: 'Broke down',
      exclude: ['Tool wear [min]'],
    })
    expect(cardOf(other)).toMatchObject({ task: 'failure', label: 'broke_down' })
    expect(other.featureNames).not.toContain('tool_wear')
  })

  it('tells the form of a file by its content', () => {
    const runs = fleetOfRuns({ seed: 1, units: 3, regimes: 1 }).text
    expect(() => trainTask('rul', training, { seed: 1 })).toThrow(/26 numbers a line/)
    expect(() => trainTask('failure', runs, { seed: 1 })).toThrow(/runs to failure/)
    expect(() => predictTask(model, runs)).toThrow(/0 of the 6 columns/)
  })

  it.each([1, 6])('predicts remaining life in %i operating regimes', (regimes) => {
    const training = fleetOfRuns({ seed: 1, units: 9, regimes })
    const test = fleetOfRuns({ seed: 2, units: 20, regimes, cut: true })
    const model = trainTask('rul', training.text, { seed: 1, members: 1 })
    const card = cardOf(model)
    expect(card?.task === 'rul' && Object.keys(card.knowledge.conditions.regimes).length).toBe(regimes)
    const { predictions } = predictTask(model, test.text)
    const report = reportRul(
      predictions.map(({ remaining, cycle }) => ({ unit: 0, cycle: cycle!, remaining: remaining! })),
      test.remaining,
    )
    expect(report.rmse).toBeLessThan(14) // always saying the mean life is off by 25
  })
})

describe('crossValidateFailure', () => {
  it('finds what can be known and is calibrated', () => {
    const table = parseTable(csv(header, machineRows(3, 900)))
    const report = crossValidateFailure(table, { seed: 1, folds: 3 })
    expect(report.f1).toBeGreaterThan(0.85)
    expect(report.calibrationError).toBeLessThan(0.02)
  })

  it('gives the same report for the same seed', () => {
    const table = parseTable(csv(header, machineRows(5, 250)))
    const [one, two] = [1, 2].map(() => crossValidateFailure(table, { seed: 1, folds: 2 }))
    expect(one).toEqual(two)
  })

  it('says what is missing where there is too little to learn from', () => {
    const few = parseTable('Load,Failure\n1,0\n2,0\n3,1\n4,1\n')
    expect(() => crossValidateFailure(few, { seed: 1, folds: 2 })).toThrow('2 failures in 4 rows')
    const odd = parseTable('Load,Failure\n1,0\n2,maybe\n')
    expect(() => crossValidateFailure(odd, { seed: 1, folds: 2 })).toThrow('row 2 has label maybe')
  })

  it('finds nothing where labels are chance: no leak', () => {
    const random = seededRandom(8)
    const rows = machineRows(4, 400).map((row) =>
      row.map((cell, i) => (i === 8 ? (random() < 0.1 ? '1' : '0') : cell)),
    )
    const report = crossValidateFailure(parseTable(csv(header, rows)), { seed: 1, folds: 3 })
    expect(report.f1).toBeLessThan(0.3)
  })
})
