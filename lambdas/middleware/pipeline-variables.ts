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
  PROGRESS_TABLE: 'text',
  COMMANDS_TABLE: 'text',
  PRESENCE_TABLE: 'text',
  AUDIT_TABLE: 'text',
  /** Days that the hot store keeps: older readings cannot be repaired, so they are set aside. */
  HOT_DAYS: 'count',
  OUTPUT_STREAM: 'text',
  ALERT_TOPIC: 'text',
} as const satisfies Spec
