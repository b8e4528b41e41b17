import type { Alarm, Anomaly, Device } from '../api/types.ts'
import { measureText, moment, unitText, value, readable } from '../data/format.ts'
import { measureTypeOf } from '../data/registry.ts'
import { expectedText } from '../alarms/alarm-detail.tsx'
import { linkTo } from '../router.ts'
import { may } from '../session/me.ts'
import { DeviceControl } from './device-control.tsx'
import { Empty, Loading, Panel, SeverityMark } from '../ui/parts.tsx'

const SHOWN = 12

export function DeviceAside(props: {
  device: Device
  alarms: readonly Alarm[] | null
  anomalies: readonly Anomaly[] | null
  onShow: (at: number) => void
}) {
  const { device, alarms, anomalies, onShow } = props
  const standing = alarms?.filter(({ clearedAt }) => clearedAt === null) ?? []
  const recent = [...standing, ...(alarms?.filter(({ clearedAt }) => clearedAt !== null) ?? [])].slice(
    0,
    SHOWN,
  )
  const attributes = Object.entries(device.attributes)
  return (
    <div class="stack">
      <Panel title="Alarms" actions={<span class="muted">{alarms ? `${standing.length} active` : ''}</span>}>
        {alarms === null ? (
          <Loading lines={3} />
        ) : recent.length === 0 ? (
          <Empty title="This device never had an alarm" />
        ) : (
          <ul class="entries">
            {recent.map((alarm) => (
              <li key={alarm.id} class={alarm.clearedAt === null ? '' : 'past'}>
                <a href={linkTo(['alarms', alarm.id], { state: 'all' })}>
                  <SeverityMark severity={alarm.severity} bare /> {readable(alarm.why.text)}
                </a>
                <button type="button" class="quiet small" onClick={() => onShow(alarm.raisedAt)}>
                  {moment(alarm.raisedAt)}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title="Anomalies in this range" actions={<span class="muted">{anomalies?.length ?? ''}</span>}>
        {anomalies === null ? (
          <Loading lines={3} />
        ) : anomalies.length === 0 ? (
          <Empty title="Nothing unusual was found" />
        ) : (
          <ul class="entries">
            {anomalies
              .slice(-SHOWN)
              .reverse()
              .map((anomaly) => (
                <li key={`${anomaly.at} ${anomaly.measure} ${anomaly.detector}`}>
                  <span>
                    {measureText(anomaly.measure)} {value(anomaly.observed)}{' '}
                    {unitText(measureTypeOf(device, anomaly.measure).unit)}
                    <span class="muted">
                      , {anomaly.detector}
                      {(anomaly.expected.low !== undefined || anomaly.expected.high !== undefined) &&
                        `, expected ${expectedText(anomaly.expected)}`}
                    </span>
                  </span>
                  <button type="button" class="quiet small" onClick={() => onShow(anomaly.at)}>
                    {moment(anomaly.at)}
                  </button>
                </li>
              ))}
          </ul>
        )}
      </Panel>
      {may('operator') && <DeviceControl thing={device.thing} />}
      {(attributes.length > 0 || device.location || device.gateway !== undefined) && (
        <Panel title="Details">
          <dl class="facts body">
            {device.gateway !== undefined && (
              <>
                <dt>Gateway</dt>
                <dd>
                  <a href={linkTo(['device', device.gateway])}>{device.gateway}</a>
                </dd>
              </>
            )}
            {device.location && (
              <>
                <dt>Location</dt>
                <dd>
                  {device.location.latitude.toFixed(5)}, {device.location.longitude.toFixed(5)}
                </dd>
              </>
            )}
            {attributes.map(([name, text]) => (
              <>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </>
            ))}
          </dl>
        </Panel>
      )}
    </div>
  )
}
