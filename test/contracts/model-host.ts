import { beforeAll, describe, expect, it } from 'vitest'
import { trainDeviceModel, type DeviceExample } from '../../src/core/maintenance/device-task.ts'
import { addVersion, emptyLine, promote, rollBack, type LineOutcome } from '../../src/core/maintenance/model-versions.ts' // prettier-ignore
import { seededRandom } from '../../src/core/maintenance/seeded-random.ts'
import { writeXgboostModel } from '../../src/core/maintenance/xgboost-model.ts'
import type { ModelHost } from '../../src/ports/model-host.ts'
import type { ModelRegistry } from '../../src/ports/model-registry.ts'

export const HOUR = 3_600_000

export function failingPumps(seed: number): DeviceExample[] {
  const random = seededRandom(seed)
  return Array.from({ length: 400 }, (_, i) => {
    const vibration = random() * 10
    const failed = random() < (vibration > 7 ? 0.9 : 0.02) ? 1 : 0
    return {
      thing: `pump-${i % 20}`,
      at: i,
      features: { 'vibration.mean.24h': vibration, 'age.hours': random() },
      failed,
    }
  })
}

/** What every model host promises. `make` gives one that scores with what the registry has under this name. */
export function modelHostContract(
  adapter: string,
  make: (name: string) => Promise<{ host: ModelHost; registry: ModelRegistry }>,
): void {
  describe(`model host: ${adapter}`, () => {
    const ill = { 'vibration.mean.24h': 9, 'age.hours': 0.5 }
    const well = { 'vibration.mean.24h': 2, 'age.hours': 0.5 }
    const texts: string[] = []
    beforeAll(() => {
      for (const seed of [1, 2]) {
        const { model, metrics } = trainDeviceModel(failingPumps(seed), { horizonMs: 36 * HOUR, seed })
        expect(metrics.f1).toBeGreaterThan(0.85)
        texts.push(writeXgboostModel(model))
      }
    })
    const change = async (
      registry: ModelRegistry,
      name: string,
      to: (line: Awaited<ReturnType<ModelRegistry['line']>>['line']) => LineOutcome,
    ): Promise<void> => {
      const { line, revision } = await registry.line(name)
      const outcome = to(line)
      if (outcome.kind === 'refused') throw new Error(outcome.reason)
      expect(await registry.saveLine(name, outcome.line, revision)).toBe(true)
    }

    it('scores with the promoted version only, and with the one before after a roll-back', async () => {
      const { host, registry } = await make('pump')
      expect(await host.score([ill])).toBeNull()
      for (const [i, text] of texts.entries()) {
        expect(await registry.putModel('pump', i + 1, text)).toBe(true)
        await change(registry, 'pump', (line) => ({ kind: 'changed', line: addVersion(line, i, {}) }))
      }
      expect(await host.score([ill])).toBeNull()
      await change(registry, 'pump', (line) => promote(line, 1, 10))
      const first = (await host.score([ill, well]))!
      expect(first).toMatchObject({ version: 1, horizonHours: 36 })
      expect(first.probabilities[0]).toBeGreaterThan(0.7)
      expect(first.probabilities[1]).toBeLessThan(0.1)
      await change(registry, 'pump', (line) => promote(line, 2, 20))
      const second = (await host.score([ill, well]))!
      expect(second.version).toBe(2)
      expect(second.probabilities).not.toEqual(first.probabilities)
      await change(registry, 'pump', (line) => rollBack(line, 30))
      expect(await host.score([ill, well])).toEqual(first)
    })

    it('takes a row without a feature for one whose feature is missing, in any order and many at once', async () => {
      const { host, registry } = await make('rows')
      await registry.putModel('rows', 1, texts[0]!)
      await change(registry, 'rows', () => promote(addVersion(emptyLine, 1, {}), 1, 2))
      const rows = Array.from({ length: 500 }, (_, i) => ({
        'age.hours': i / 500,
        'vibration.mean.24h': i / 50,
      }))
      const { probabilities } = (await host.score(rows))!
      expect(probabilities).toHaveLength(500)
      expect(probabilities.slice(0, 300).every((p) => p < 0.5)).toBe(true)
      const [bare, missing, infinite] =
        (await host.score([{ 'age.hours': 0.5, other: 3 }, { 'age.hours': 0.5, 'vibration.mean.24h': NaN }, { 'age.hours': 0.5, 'vibration.mean.24h': Infinity }]))! // prettier-ignore
        .probabilities
      expect(bare).toBeGreaterThan(0)
      expect(missing).toBe(bare)
      expect(infinite).toBe(bare)
      expect((await host.score([]))?.probabilities).toEqual([])
    })

    it('says which file is gone, and what is wrong with one', async () => {
      const { host, registry } = await make('gone')
      await change(registry, 'gone', () => promote(addVersion(emptyLine, 1, {}), 1, 2))
      await expect(host.score([ill])).rejects.toThrow('no file for its active version 1')
      const damaged = await make('damaged')
      await damaged.registry.putModel('damaged', 1, texts[0]!.slice(0, 900))
      await change(damaged.registry, 'damaged', () => promote(addVersion(emptyLine, 1, {}), 1, 2))
      await expect(damaged.host.score([ill])).rejects.toThrow(/not an XGBoost model/)
    })
  })
}
