import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fileModelRegistry } from '../../../src/adapters/local/file-model-registry.ts'
import { localModelHost } from '../../../src/adapters/portable/local-model-host.ts'
import { deviceModelFault } from '../../../src/core/maintenance/device-model.ts'
import { trainDeviceModel } from '../../../src/core/maintenance/device-task.ts'
import { withCard } from '../../../src/core/maintenance/model-card.ts'
import { failingPumps, HOUR, modelHostContract } from '../../contracts/model-host.ts'
import { modelRegistryContract } from '../../contracts/model-registry.ts'

const directories: string[] = []
const directory = async (): Promise<string> => {
  directories.push(await mkdtemp(join(tmpdir(), 'telltale-models-')))
  return directories.at(-1)!
}
afterAll(async () => {
  for (const each of directories) await rm(each, { recursive: true })
})

modelHostContract('in this process', async (name) => {
  const registry = fileModelRegistry(await directory())
  return { registry, host: localModelHost({ registry, name }) }
})

modelRegistryContract('files', async () => fileModelRegistry(await directory()))

describe('fileModelRegistry', () => {
  it('leaves nothing half written behind', async () => {
    const folder = await directory()
    const registry = fileModelRegistry(folder)
    await registry.putModel('m', 1, 'one')
    await registry.putModel('m', 1, 'two')
    expect(await readdir(join(folder, 'm'))).toEqual(['v1.json'])
  })
})

describe('deviceModelFault', () => {
  const { model } = trainDeviceModel(failingPumps(1), { horizonMs: HOUR, seed: 1 })
  it('takes a model of the platform, and one that XGBoost made of the same features', () => {
    expect(deviceModelFault(model)).toBeNull()
    expect(deviceModelFault({ ...model, attributes: {} })).toBeNull()
  })
  it('names what it cannot take', () => {
    expect(
      deviceModelFault({ ...model, attributes: {}, featureNames: ['vibration.mean.24h', 'torque'] }),
    ).toMatch(/feature torque is none/)
    expect(deviceModelFault({ ...model, objective: 'reg:squarederror' })).toMatch(/no probability/)
    const rul = withCard(model, { task: 'rul', cap: 1, knowledge: {} as never })
    expect(deviceModelFault(rul)).toMatch(/for the task rul/)
  })
})
