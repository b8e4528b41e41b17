import { energy } from './energy.ts'
import { hvac } from './hvac.ts'
import type { Job } from './job.ts'
import { learn } from './learn.ts'
import { criticalMaintenance, maintenance } from './maintenance.ts'
import { rules } from './rules.ts'
import { zoneLearning } from './zone-learning.ts'
import { zones } from './zones.ts'

/** Every job, in the order in which a minute's work is done: what others read comes first. */
export const jobs: readonly Job[] = [
  rules,
  zones,
  zoneLearning,
  energy,
  hvac,
  maintenance,
  criticalMaintenance,
  learn,
]
