import { useState } from 'preact/hooks'
import { call, segment, withQuery } from '../api/client.ts'
import type { Device, Latest, Page } from '../api/types.ts'
import { latestByThing, newestAt, presenceOf } from '../data/presence.ts'
import { devices, loadRegistry, sites } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { linkTo, route, setQuery } from '../router.ts'
import { Choice } from '../ui/form.tsx'
import { Age, Empty, Loading, Panel, PresenceMark, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { CredentialsDialog } from './credentials-dialog.tsx'
import { RegisterDialog } from './register-dialog.tsx'
import { TypesTab } from './types-tab.tsx'

const trades = [
  ['', 'All trades'],
  ['plant', 'Plant'],
  ['fleet', 'Fleet'],
  ['building', 'Building'],
] as const
const PAGE = 100

export function DevicesPage() {
  const { query } = route.value
  const tab = query.get('tab') ?? 'devices'
  return (
    <>
      <div class="toolbar">
        <div class="tabs" role="tablist" aria-label="Registry">
          {[
            ['devices', 'Devices'],
            ['types', 'Types'],
          ].map(([id, title]) => (
            <button
              key={id}
              type="button"
              role="tab"
              aria-selected={tab === id}
              onClick={() => setQuery({ tab: id ?? null })}
            >
              {title}
            </button>
          ))}
        </div>
        {tab === 'devices' && <Filters />}
      </div>
      {tab === 'types' ? <TypesTab /> : <DeviceList />}
    </>
  )
}

function Filters() {
  const { query } = route.value
  return (
    <>
      <label class="choice">
        <span>Name, type or attribute</span>
        <input
          type="search"
          value={query.get('text') ?? ''}
          onInput={(event) => setQuery({ text: event.currentTarget.value })}
        />
      </label>
      <Choice
        label="Trade"
        value={(query.get('trade') ?? '') as '' | 'plant' | 'fleet' | 'building'}
        options={trades}
        onChange={(value) => setQuery({ trade: value })}
      />
      <Choice
        label="Site"
        value={query.get('site') ?? ''}
        options={[['', 'All sites'], ...sites.value.filter((s) => s !== '').map((s) => [s, s] as const)]}
        onChange={(value) => setQuery({ site: value })}
      />
      <button type="button" class="primary push" onClick={() => setQuery({ register: '1' })}>
        Register a device
      </button>
    </>
  )
}

function DeviceList() {
  const { query } = route.value
  const filter = { text: query.get('text'), trade: query.get('trade'), site: query.get('site') }
  const [edited, setEdited] = useState<Device | null>(null)
  const [keyed, setKeyed] = useState<string | null>(null)
  const [limit, setLimit] = useState(PAGE)
  const path = withQuery('/v1/devices', { ...filter, limit })
  const { data, problem, loading, reload } = useData(path, async (signal) => {
    const page = await call<Page<Device>>(path, { signal })
    const names = page.items.map(({ thing }) => thing).slice(0, 150)
    const latest = names.length > 0 ? await latestByThing(`?things=${names.map(segment).join()}`, signal) : new Map<string, Latest>() // prettier-ignore
    return { page, latest }
  })
  const changed = async (): Promise<void> => {
    reload()
    await loadRegistry()
  }
  const registering = query.get('register') !== null
  return (
    <>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      <Panel
        title="Devices"
        actions={<span class="muted">{devices.value ? `${devices.value.size} registered` : ''}</span>}
      >
        {loading && !data ? (
          <Loading lines={6} />
        ) : data && data.page.items.length > 0 ? (
          <>
            <Table
              label="Devices"
              items={data.page.items}
              keyOf={({ thing }) => thing}
              columns={[
                { title: 'Name', cell: ({ thing }) => <a href={linkTo(['device', thing])}>{thing}</a> },
                { title: 'Type', cell: ({ type }) => type },
                { title: 'Trade', cell: ({ trade }) => trade, minor: true },
                { title: 'Site', cell: ({ site }) => site ?? <span class="muted">none</span>, minor: true },
                { title: 'Status', cell: (device) => <PresenceMark presence={presenceOf(device, data.latest.get(device.thing))} /> }, // prettier-ignore
                { title: 'Last reading', cell: ({ thing }) => <Age at={newestAt(data.latest.get(thing))} />, numeric: true, minor: true }, // prettier-ignore
                {
                  title: 'Change',
                  cell: (device) => (
                    <span class="buttons">
                      <button
                        type="button"
                        class="small"
                        aria-label={`Edit ${device.thing}`}
                        onClick={() => setEdited(device)}
                      >
                        {' '}
                        {/* prettier-ignore */}
                        Edit
                      </button>
                      <button
                        type="button"
                        class="small"
                        aria-label={`Certificates of ${device.thing}`}
                        onClick={() => setKeyed(device.thing)}
                      >
                        {' '}
                        {/* prettier-ignore */}
                        Certificates
                      </button>
                    </span>
                  ),
                },
              ]}
            />
            {data.page.next !== null && (
              <p class="body">
                <button type="button" onClick={() => setLimit(Math.min(1000, limit + 300))}>
                  Show more
                </button>
              </p>
            )}
          </>
        ) : (
          <Empty title={devices.value?.size === 0 ? 'No device is registered yet' : 'No device matches'}>
            {devices.value?.size === 0
              ? 'Add a type first, under Types, then register a device of it: you get its certificate and the address to send to.'
              : 'Change the filter above, or register the device.'}
          </Empty>
        )}
      </Panel>
      {(registering || edited) && (
        <RegisterDialog
          device={edited}
          onClose={() => {
            setEdited(null)
            setQuery({ register: null })
          }}
          onChanged={changed}
        />
      )}
      {keyed !== null && <CredentialsDialog thing={keyed} onClose={() => setKeyed(null)} />}
    </>
  )
}
