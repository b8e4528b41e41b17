import type { Device, Latest } from '../api/types.ts'
import { worstByThing } from '../data/active-alarms.ts'
import { count, byName, plural, unitText, value, readable } from '../data/format.ts'
import { latestByThing, presenceOf, statusByThing, type Status } from '../data/presence.ts'
import { devices, measureTypeOf, sites, tellingMeasure } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { linkTo, route, setQuery } from '../router.ts'
import { Choice } from '../ui/form.tsx'
import { Empty, Panel, presenceText, ProblemNote } from '../ui/parts.tsx'

const MOST_CELLS = 600

/** Every device of a site at a glance: what is wrong has colour, what is silent has a broken edge. */
export function SitesPage() {
  const { query } = route.value
  const site = query.get('site') ?? ''
  const only = query.get('only') ?? ''
  const known = [...(devices.value?.values() ?? [])]
  const filter = site === '' || site === '-' ? '' : `?site=${encodeURIComponent(site)}`
  const { data, problem, reload } = useData(
    `sites ${filter}`,
    async (signal) => {
      const [latest, status] = await Promise.all([
        latestByThing(filter, signal),
        statusByThing(filter, signal),
      ])
      return { latest, status }
    },
    10_000,
  )
  const worst = worstByThing.value
  const presence = (device: Device) => presenceOf(device, data?.status.get(device.thing))
  const wanted = known.filter(
    (device) =>
      (site === '' || (device.site ?? '-') === site) &&
      (only === '' ||
        (only === 'alarm' && worst.has(device.thing)) ||
        (only === 'silent' && data !== null && ['silent', 'offline', 'never'].includes(presence(device)))),
  )
  const bySite = Map.groupBy(wanted, (device) => device.site ?? 'Without a site')
  if (known.length === 0)
    return (
      <Empty title="No device is registered yet">
        <a href="#/devices?register=">Register the first device</a>, with the site where it stands.
      </Empty>
    )
  return (
    <>
      <div class="toolbar">
        <Choice
          label="Site"
          value={site}
          options={[['', 'All sites'], ...sites.value.map((name) => (name === '' ? (['-', 'Without a site'] as const) : ([name, name] as const)))]} // prettier-ignore
          onChange={(value) => setQuery({ site: value })}
        />
        <Choice
          label="Show"
          value={only}
          options={[
            ['', 'All devices'],
            ['alarm', 'With an active alarm'],
            ['silent', 'Silent, offline or never heard'],
          ]}
          onChange={(value) => setQuery({ only: value })}
        />
      </div>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      {wanted.length === 0 && (data || only === '') && (
        <Empty
          title={
            only === 'silent'
              ? 'No device is missing'
              : only === 'alarm'
                ? 'No device has an alarm'
                : 'No device matches'
          }
        >
          <button type="button" class="small" onClick={() => setQuery({ only: null, site: null })}>
            Show all devices
          </button>
        </Empty>
      )}
      {[...bySite]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, members]) => (
          <Panel
            key={name}
            title={name}
            actions={
              <span class="muted">
                {plural(members.length, 'device')},{' '}
                {count(members.filter(({ thing }) => worst.has(thing)).length)} with alarms
              </span>
            }
          >
            {[...Map.groupBy(members, ({ type }) => type)].map(([type, group]) => (
              <div key={type} class="type-row">
                <h3>
                  {type} <span class="muted">{count(group.length)}</span>
                </h3>
                <div class="grid-of-devices">
                  {group
                    .sort((a, b) => byName(a.thing, b.thing))
                    .slice(0, MOST_CELLS)
                    .map((device) => (
                      <Cell
                        key={device.thing}
                        device={device}
                        latest={data?.latest.get(device.thing)}
                        status={data?.status.get(device.thing)}
                      />
                    ))}
                  {group.length > MOST_CELLS && (
                    <a class="cell" href={linkTo(['devices'], { text: type })}>
                      {group.length - MOST_CELLS} more
                    </a>
                  )}
                </div>
              </div>
            ))}
          </Panel>
        ))}
    </>
  )
}

function Cell(props: { device: Device; latest: Latest | undefined; status: Status | undefined }) {
  const { device, latest, status } = props
  const alarm = worstByThing.value.get(device.thing)
  // Until the statuses are there nothing is said: a device must not look silent for a moment.
  const presence = status || device.status !== 'active' ? presenceOf(device, status) : 'online'
  const shown =
    latest?.values.find(({ measure }) => measure === alarm?.key) ??
    latest?.values.find(({ measure }) => measure === tellingMeasure(device)) ??
    latest?.values[0]
  const kind = alarm
    ? alarm.severity
    : presence === 'online'
      ? ''
      : presence === 'suspended' || presence === 'retired'
        ? 'off'
        : 'silent'
  return (
    <a
      class={`cell ${kind}`}
      href={linkTo(['device', device.thing])}
      title={alarm ? `${alarm.severity}: ${readable(alarm.why.text)}` : presenceText[presence]}
    >
      <b>{device.thing}</b>
      {alarm && <span class="visually-hidden">{alarm.severity} alarm, </span>}
      {presence !== 'online'
        ? presenceText[presence]
        : shown
          ? `${value(shown.value)} ${unitText(measureTypeOf(device, shown.measure).unit)}`
          : '\u00a0'}
    </a>
  )
}
