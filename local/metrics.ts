/** Prometheus text exposition format 0.0.4. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, help, type, value }) => {
      const samples =
        typeof value === 'number'
          ? `${name} ${value}\n`
          : value.map(([labels, v]) => `${name}{${labels}} ${v}\n`).join('')
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples}`
    })
    .join('')
}

export interface Metric {
  name: string
  help: string
  type: 'counter' | 'gauge'
  /** One sample, or one for each set of labels. */
  value: number | [labels: string, value: number][]
}
