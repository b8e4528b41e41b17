import type { Spec } from './variables.ts'

/** What the pipeline function of every trade is given. */
export const pipelineVariables = {
  STATE_TABLE: 'text',
  BIRTHS_TABLE: 'text',
  CONFIG_TABLE: 'text',
  REGISTRY_TABLE: 'text',
  ALARM_TABLE: 'text',
  QUARANTINE_TABLE: 'text',
  QUARANTINE_DAYS: 'count',
  OUTPUT_STREAM: 'text',
  ALERT_TOPIC: 'text',
} as const satisfies Spec
