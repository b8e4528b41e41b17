import type { Device } from '../api/types.ts'
import { measureText, unitText, value } from '../data/format.ts'
import { latestByThing, newestAt } from '../data/presence.ts'
import { measureTypeOf } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { linkTo } from '../router.ts'
import { Age, Loading, Panel } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'

const SHOWN = 100

/** What the sensors say, where no zone has anything to say yet. */
export function Sensors(props: { site: string; members: readonly Device[]; described: boolean }) {
  const { site, members, described } = props
  const path = `?trade=building&site=${encodeURIComponent(site)}`
  const { data } = useData(`sensors ${site}`, (signal) => latestByThing(path, signal), 15_000)
  return (
    <Panel title="Sensors">
      <p class="body muted">
        {described
          ? 'Its zones are worked out each quarter of an hour, from the first one that they have readings of.'
          : 'No zone of this building has been described yet, so comfort, plans and cost cannot be worked out. Describe the building with its zones, meters and tariff; then they appear with the next quarter of an hour.'}
      </p>
      {!data ? (
        <Loading />
      ) : (
        <Table
          label={`Sensors of ${site}`}
          items={members.slice(0, SHOWN)}
          keyOf={({ thing }) => thing}
          columns={[
            { title: 'Sensor', cell: ({ thing }) => <a href={linkTo(['device', thing])}>{thing}</a> },
            { title: 'Values', card: 'plain', cell: (device) => <Values device={device} values={data.get(device.thing)?.values ?? []} /> }, // prettier-ignore
            { title: 'Heard', cell: ({ thing }) => <Age at={newestAt(data.get(thing))} />, numeric: true },
          ]}
        />
      )}
    </Panel>
  )
}

function Values({
  device,
  values,
}: {
  device: Device
  values: readonly { measure: string; value: number | null }[]
}) {
  if (values.length === 0) return <span class="muted">nothing yet</span>
  const text = values.slice(0, 4).map((found) => {
    const unit = unitText(measureTypeOf(device, found.measure).unit)
    return `${measureText(found.measure)} ${value(found.value)} ${unit}`
  })
  return <>{text.join(', ')}</>
}
