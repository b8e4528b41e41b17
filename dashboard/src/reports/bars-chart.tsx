import type { Bars } from './report-types.ts'
import { digitsText } from './report-types.ts'

/** Stacked amounts, one bar a label, each with its sum. The table beneath says the same to those who see no bars. */
export function BarsChart({ bars }: { bars: Bars }) {
  const { title, unit, digits, labels, series } = bars
  const totals = labels.map((_, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0))
  const most = totals.reduce((a, b) => Math.max(a, b), 0)
  return (
    <figure class="chart bars-chart">
      <figcaption>
        <h2>
          {title}
          {unit !== '' && <small> {unit}</small>}
        </h2>
        {series.length > 1 && (
          <span class="legend">
            {series.map(({ name, tone }) => (
              <span key={name}>
                <i class={`fill ${tone}`} /> {name}
              </span>
            ))}
          </span>
        )}
      </figcaption>
      <ol>
        {labels.map((label, i) => (
          <li key={label}>
            <b>{totals[i] === 0 ? '' : digitsText(totals[i] ?? 0, digits)}</b>
            <span class="column" aria-hidden="true">
              {series.map(({ name, tone, values }) => (
                <i
                  key={name}
                  class={`fill ${tone}`}
                  style={{ height: `${most === 0 ? 0 : (100 * (values[i] ?? 0)) / most}%` }}
                />
              ))}
            </span>
            <span class="muted">{label}</span>
            <span class="visually-hidden">
              {series.map(({ name, values }) => `${name} ${digitsText(values[i] ?? 0, digits)}`).join(', ')}
            </span>
          </li>
        ))}
      </ol>
    </figure>
  )
}
