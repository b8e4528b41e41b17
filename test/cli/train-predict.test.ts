import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { predictCommand } from '../../src/cli/predict.ts'
import { trainCommand } from '../../src/cli/train.ts'
import { seededRandom } from '../../src/core/maintenance/seeded-random.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'telltale-train-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(directory, { recursive: true })
})

async function telltale(...words: string[]): Promise<string> {
  const said: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => said.push(line))
  const program = new Command('telltale').exitOverride().configureOutput({ writeErr: () => undefined })
  trainCommand(program)
  predictCommand(program)
  await program.parseAsync(words, { from: 'user' })
  return said.join('\n')
}

describe('trainCommand', () => {
  it('writes a model that predictCommand applies to a table without labels', async () => {
    const random = seededRandom(1)
    const values = Array.from({ length: 300 }, () => random() * 100)
    const data = join(directory, 'anything')
    const out = join(directory, 'model.json')
    await writeFile(
      data,
      ['Load,Broken', ...values.map((v) => `${v.toFixed(2)},${v > 80 ? 1 : 0}`)].join('\n'),
    )
    const report = JSON.parse(
      await telltale(
        'train',
        '--task',
        'failure',
        '--data',
        data,
        '--label',
        'Broken',
        '--out',
        out,
        '--json',
      ),
    ) as { features: string[] }
    expect(report.features).toEqual(['load'])
    expect(await readdir(directory)).toEqual(['anything', 'model.json'])
    expect(JSON.parse(await readFile(out, 'utf8'))).toHaveProperty('learner.gradient_booster.name', 'gbtree')

    const fresh = join(directory, 'fresh')
    await writeFile(fresh, 'load\n95\n10\n')
    const { predictions } = JSON.parse(
      await telltale('predict', '--model', out, '--data', fresh, '--json'),
    ) as { predictions: { failure: boolean; failureProbability: number }[] }
    expect(predictions.map(({ failure }) => failure)).toEqual([true, false])
    expect(predictions[0]!.failureProbability).toBeGreaterThan(0.9)
  })

  it('says before it trains that its model cannot be written', async () => {
    const data = join(directory, 'table')
    await writeFile(data, 'load,failure\n1,0\n') // of one class: training would say so
    for (const out of [join(directory, 'no', 'such', 'model.json'), directory])
      await expect(telltale('train', '--task', 'failure', '--data', data, '--out', out)).rejects.toThrow(
        `${out} cannot be written`,
      )
    expect(await readdir(directory)).toEqual(['table'])
  })

  it('refuses a task that it does not know', async () => {
    await expect(telltale('train', '--task', 'luck', '--data', 'x', '--out', 'y')).rejects.toThrow(
      /Allowed choices are failure, rul/,
    )
  })
})
