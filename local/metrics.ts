/** Prometheus text exposition format 0.0.4. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .map(
      ({ name, help, type, value }) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`,
    )
    .join('')
}

export interface Metric {
  name: string
  help: string
  type: 'counter' | 'gauge'
  value: number
}
