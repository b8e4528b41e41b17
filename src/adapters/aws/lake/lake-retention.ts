import { dayOf, type LakeKind } from '../../../core/history/lake-layout.ts'
import { policyFault, type RetentionPolicy } from '../../../core/retention/retention.ts'
import type { Clock } from '../../../ports/clock.ts'
import { dueDays } from './expire-days.ts'
import type { Manifest } from './manifest.ts'

export interface LakeRetentionParts {
  manifest: Pick<Manifest, 'between' | 'policy'>
  /** Ages in days at which data moves to the next tier: the deployment's (retentionDays in cdk.json). */
  days: { hot: number; warm: number }
  clock: Pick<Clock, 'now'>
}

/** A hundred years: until somebody puts a policy, nothing goes. */
const FOR_EVER = 36_600
/** The hot store drops whole shards of a day, so the last day before is read from the lake already. */
const DROPPED_DAYS = 2

/**
 * How long the lake keeps what, by kind. Its files hold all measures of their devices, so that there is one class; the
 * tiers are the bucket's own lifecycle, which a deploy makes. `compact` takes away what is due.
 */
export function lakeRetention({ manifest, days: { hot, warm }, clock }: LakeRetentionParts) {
  const days: Record<LakeKind, number> = {
    readings: FOR_EVER,
    windows: FOR_EVER,
    quarters: FOR_EVER,
    days: FOR_EVER,
  }
  const tiers = { warmAfterDays: hot, coldAfterDays: warm }
  const get = async (): Promise<RetentionPolicy> => ({
    classes: [{ name: 'default', measures: [], days }],
    ...(await manifest.policy.get()),
    ...tiers,
  })

  function fault(policy: RetentionPolicy): string | null {
    const common = policyFault(policy)
    if (common !== null) return common
    const { classes, warmAfterDays, coldAfterDays } = policy
    if (classes.length > 1)
      return `a file of the lake holds all measures here, so one class is for all of them: leave ${classes.find(({ measures }) => measures.length === 0)!.name}`
    if (warmAfterDays !== hot || coldAfterDays !== warm)
      return `warmAfterDays and coldAfterDays are ${hot} and ${warm} by the deployment here: leave them, or set retentionDays.hot and warm in cdk.json and deploy`
    const { name, days } = classes[0]!
    return days.readings < hot + DROPPED_DAYS
      ? `class ${name}: readings must be kept for at least ${hot + DROPPED_DAYS} days, for the hot store keeps them for ${hot}`
      : null
  }

  return {
    get,
    put: async (policy: RetentionPolicy): Promise<string | null> => {
      const wrong = fault(policy)
      if (wrong === null) await manifest.policy.put(policy)
      return wrong
    },
    dryRun: async () => {
      const policy = await get()
      const due = await dueDays(manifest, policy, dayOf(clock.now()))
      return due.flatMap(({ kind, days }) => {
        const files = days.flatMap((day) => day.files)
        if (files.length === 0) return []
        const rows = files.reduce((sum, file) => sum + file.rows, 0)
        return [
          {
            kind,
            class: policy.classes[0]!.name,
            from: days[0]!.day,
            until: days.at(-1)!.day + 1,
            files: files.length,
            bytes: null,
            rows,
          },
        ]
      })
    },
  }
}
