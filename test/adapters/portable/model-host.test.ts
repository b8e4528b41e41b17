import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileModelRegistry } from '../../../src/adapters/local/file-model-registry.ts'
import { localModelHost } from '../../../src/adapters/portable/local-model-host.ts'
import {
  failsWithin,
  trainDeviceModel,
  type DeviceExample,
} from '../../../src/core/maintenance/device-task.ts'
import { addVersion, emptyLine, promote, rollBack } from '../../../src/core/maintenance/model-versions.ts'
import { seededRandom } from '../../../src/core/maintenance/seeded-random.ts'
import { writeXgboostModel } from '../../../src/core/maintenance/xgboost-model.ts'

const HOUR = 3_600_000

function examples(seed: number): DeviceExample[] {
  const random = seededRandom(seed)
  return Array.from({ length: 600 }, (_, i) => {
    const vibration = random() * 10
    const failed = random() < (vibration > 7 ? 0.9 : 0.02) ? 1 : 0
    return {
      thing: `pump-${i % 30}`,
      at: i,
      features: { 'vibration.mean.24h': vibration, 'age.hours': random() },
      failed,
    }
  })
}

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'telltale-models-'))
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

describe('failsWithin', () => {
  it('knows a failure, a survival, and what nobody knows', () => {
    expect(failsWithin(100, 50, [149], 149)).toBe(1)
    expect(failsWithin(100, 50, [99, 150], 150)).toBe(0)
    expect(failsWithin(100, 50, [], 149)).toBeNull()
  })
})

describe('localModelHost', () => {
  const ill = { 'vibration.mean.24h': 9, 'age.hours': 0.5 }
  const well = { 'vibration.mean.24h': 2, 'age.hours': 0.5 }

  it('scores with the promoted version only, and with the one before after a roll-back', async () => {
    const registry = fileModelRegistry(directory)
    const host = localModelHost({ registry, name: 'pump' })
    expect(await host.score([ill])).toBeNull()

    let line = emptyLine
    for (const seed of [1, 2]) {
      const { model, metrics } = trainDeviceModel(examples(seed), { horizonMs: 24 * HOUR, seed })
      expect(metrics.f1).toBeGreaterThan(0.85)
      line = addVersion(line, seed, { ...metrics })
      await registry.putModel('pump', seed, writeXgboostModel(model))
    }
    const save = async (outcome: ReturnType<typeof promote>): Promise<void> => {
      if (outcome.kind === 'refused') throw new Error(outcome.reason)
      line = outcome.line
      expect(await registry.saveLine('pump', line, (await registry.line('pump')).revision)).toBe(true)
    }
    await save(promote(line, 1, 10))
    const first = (await host.score([ill, well]))!
    expect(first.version).toBe(1)
    expect(first.probabilities[0]).toBeGreaterThan(0.7)
    expect(first.probabilities[1]).toBeLessThan(0.1)
    await save(promote(line, 2, 20))
    const second = (await host.score([ill, well]))!
    expect(second.version).toBe(2)
    expect(second.probabilities).not.toEqual(first.probabilities)
    await save(rollBack(line, 30))
    expect(await host.score([ill, well])).toEqual(first)
  })

  it('says which file is gone', async () => {
    const registry = fileModelRegistry(directory)
    const line = promote(addVersion(emptyLine, 1, {}), 1, 2)
    if (line.kind === 'changed') await registry.saveLine('pump', line.line, 0)
    await expect(localModelHost({ registry, name: 'pump' }).score([ill])).rejects.toThrow(
      'no file for its active version 1',
    )
  })
})

describe('fileModelRegistry', () => {
  it('lets only the first of two savers win, also when they come together', async () => {
    const registry = fileModelRegistry(directory)
    const saves = await Promise.all(
      [1, 2].map(async (at) => registry.saveLine('m', addVersion(emptyLine, at, {}), 0)),
    )
    expect(saves).toEqual([true, false])
    expect(await fileModelRegistry(directory).line('m')).toMatchObject({
      revision: 1,
      line: { versions: [{ createdAt: 1 }] },
    })
  })

  it('never changes a version, and leaves nothing half written behind', async () => {
    const registry = fileModelRegistry(directory)
    await registry.putModel('m', 1, 'one')
    await expect(registry.putModel('m', 1, 'two')).rejects.toThrow(/EEXIST/)
    expect(await registry.getModel('m', 1)).toBe('one')
    expect(await registry.getModel('m', 2)).toBeNull()
    expect(await readdir(join(directory, 'm'))).toEqual(['v1.json'])
  })

  it('refuses a name that would leave its folder', async () => {
    const registry = fileModelRegistry(directory)
    await expect(registry.getModel('../etc', 1)).rejects.toThrow(/model name/)
    await expect(registry.putModel('a/b', 1, '')).rejects.toThrow(/model name/)
  })
})
