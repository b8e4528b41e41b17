import { boundsOf, pan, presets, zoom, type Range } from '../chart/range.ts'
import { dateTime } from '../data/format.ts'

/** Which stretch of time all charts of a page show. */
export function RangeBar(props: {
  range: Range
  used: string | undefined
  onRange: (range: Range) => void
  onSave?: () => void
}) {
  const { range, used, onRange, onSave } = props
  const { from, to } = boundsOf(range)
  return (
    <div class="toolbar" role="group" aria-label="Range of time">
      <div class="segments">
        {presets.map(([name, ms]) => (
          <button
            key={name}
            type="button"
            class="small"
            aria-pressed={range.kind === 'last' && range.ms === ms}
            onClick={() => onRange({ kind: 'last', ms })}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="segments">
        <button type="button" class="small" aria-label="Earlier" onClick={() => onRange(pan(range, -0.5))}>
          ◀
        </button>
        <button
          type="button"
          class="small"
          aria-label="Later"
          disabled={range.kind === 'last'}
          onClick={() => onRange(pan(range, 0.5))}
        >
          ▶
        </button>
        <button type="button" class="small" aria-label="Zoom in" onClick={() => onRange(zoom(range, 0.5))}>
          +
        </button>
        <button type="button" class="small" aria-label="Zoom out" onClick={() => onRange(zoom(range, 2))}>
          −
        </button>
        <button
          type="button"
          class="small"
          disabled={range.kind === 'last'}
          onClick={() => onRange({ kind: 'last', ms: to - from })}
        >
          Back to now
        </button>
        <button type="button" class="small" disabled={!onSave} onClick={onSave}>
          Save as CSV
        </button>
      </div>
      <span class="muted range-text">
        {dateTime(from)} to {range.kind === 'last' ? 'now' : dateTime(to)}
        {`, from ${used ?? '…'}`}
      </span>
      <span class="legend push" aria-hidden="true">
        <span>
          <i class="limit" /> limits
        </span>
        <span>
          <i class="expected" /> expected
        </span>
        <span>
          <i class="alarm" /> alarm
        </span>
        <span>
          <i class="anomaly" /> anomaly
        </span>
      </span>
    </div>
  )
}
