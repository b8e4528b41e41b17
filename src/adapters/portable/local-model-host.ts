import { readDeviceModel, type DeviceModel } from '../../core/maintenance/device-model.ts'
import type { ModelHost } from '../../ports/model-host.ts'
import type { ModelRegistry } from '../../ports/model-registry.ts'

/** Scores in this process with the promoted version, which it looks up anew for each batch and loads once. */
export function localModelHost({ registry, name }: { registry: ModelRegistry; name: string }): ModelHost {
  let loaded: { version: number; model: DeviceModel } | null = null
  return {
    score: async (rows) => {
      const version = (await registry.line(name)).line.active
      if (version === null) return null
      if (loaded?.version !== version) {
        const text = await registry.getModel(name, version)
        if (text === null) throw new Error(`model ${name} has no file for its active version ${version}`)
        loaded = { version, model: readDeviceModel(text) }
      }
      const { horizonHours, score, calibrated } = loaded.model
      return { version, horizonHours, probabilities: score(rows).map(calibrated) }
    },
  }
}
