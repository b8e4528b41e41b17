import { useState } from 'preact/hooks'
import { call, segment, withQuery } from '../api/client.ts'
import type { Device } from '../api/types.ts'
import { count } from '../data/format.ts'
import { presenceOf, statusByThing, type Status } from '../data/presence.ts'
import { devices, loadRegistry, sites } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { usePages } from '../data/use-pages.ts'
import { may, me, seesAllSites } from '../session/me.ts'
import { linkTo, route, setQuery } from '../router.ts'
import { Choice } from '../ui/form.tsx'
import { Age, Empty, Loading, Panel, PresenceMark, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { chosenTab, Tabs } from '../ui/tabs.tsx'
import { CredentialsDialog } from './credentials-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { JoiningTab } from './joining-tab.tsx'
import { RegisterDialog } from './register-dialog.tsx'
import { RollOutsTab } from './roll-outs-tab.tsx'
import { TypesTab } from './types-tab.tsx'

const trades = [
  ['', 'All trades'],
  ['plant', 'Plant'],
  ['fleet', 'Fleet'],
  ['building', 'Building'],
] as const
const PAGE = 100

const all = [
  ['devices', 'Devices'],
  ['types', 'Types'],
  ['jobs', 'Roll-outs'],
  ['joining', 'Joining'],
] as const

export function DevicesPage() {
  const tabs = all.filter(([id]) => (id === 'joining' ? may('admin') : id !== 'jobs' || seesAllSites()))
  const tab = chosenTab(tabs)
  return (
    <>
      <Tabs label="Registry" tabs={tabs}>
        {tab === 'devices' && <Filters />}
      </Tabs>
      {tab === 'types' && <TypesTab />}
      {tab === 'jobs' && <RollOutsTab />}
      {tab === 'joining' && <JoiningTab />}
      {tab === 'devices' && <DeviceList />}
    </>
  )
}

function Filters() {
  const { query } = route.value
  const { data: groups } = useData('groups', groupNames)
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
      {groups && groups.length > 0 && (
        <Choice
          label="Group"
          value={query.get('group') ?? ''}
          options={[['', 'All groups'], ...groups.map((name) => [name, name] as const)]}
          onChange={(value) => setQuery({ group: value })}
        />
      )}
      {may('admin') && (
        <span class="buttons push">
          <button type="button" onClick={() => setQuery({ register: 'list' })}>
            From a list
          </button>
          <button type="button" class="primary" onClick={() => setQuery({ register: '1' })}>
            Register a device
          </button>
        </span>
      )}
    </>
  )
}

function DeviceList() {
  const { query } = route.value
  const filter = {
    text: query.get('text'),
    trade: query.get('trade'),
    site: query.get('site'),
    group: query.get('group'),
  }
  const [edited, setEdited] = useState<Device | null>(null)
  const [keyed, setKeyed] = useState<string | null>(null)
  const path = withQuery('/v1/devices', { ...filter, limit: PAGE })
  const { items, problem, loading, reload, more } = usePages<Device>(path)
  const names = items?.map(({ thing }) => thing) ?? []
  const { data: status } = useData(`status of ${names.join()}`, (signal) => statusesOf(names, signal), 10_000)
  const changed = async (): Promise<void> => {
    reload()
    await loadRegistry()
  }
  const registering = query.get('register')
  const done = (): void => setQuery({ register: null })
  return (
    <>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      <Panel
        title="Devices"
        actions={<span class="muted">{devices.value ? `${count(devices.value.size)} registered` : ''}</span>}
      >
        {loading && !items ? (
          <Loading lines={6} />
        ) : items && items.length > 0 ? (
          <>
            <Table
              label="Devices"
              items={items}
              keyOf={({ thing }) => thing}
              columns={[
                {
                  title: 'Name',
                  cell: ({ thing }) => (
                    <a class="clip" title={thing} href={linkTo(['device', thing])}>
                      {thing}
                    </a>
                  ),
                  card: 'lead',
                },
                { title: 'Type', cell: ({ type }) => type },
                { title: 'Trade', cell: ({ trade }) => trade, minor: true },
                {
                  title: 'Site',
                  cell: ({ site }) => (
                    <span class={site === undefined ? 'muted' : 'clip'} title={site}>
                      {site ?? 'none'}
                    </span>
                  ),
                  minor: true,
                },
                { title: 'Status', cell: (device) => (status ? <PresenceMark presence={presenceOf(device, status.get(device.thing))} /> : '…'), card: 'lead' }, // prettier-ignore
                { title: 'Last reading', cell: ({ thing }) => (status ? <Age at={status.get(thing)?.lastDataAt} /> : '…'), numeric: true, minor: true }, // prettier-ignore
                ...(may('admin')
                  ? [{ title: 'Change', card: 'plain' as const, cell: (device: Device) => <Changes device={device} onEdit={setEdited} onCredentials={setKeyed} /> }] // prettier-ignore
                  : []),
              ]}
            />
            {more && (
              <p class="more">
                <button type="button" onClick={more} disabled={loading}>
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
      {registering === 'list' && <ImportDialog onClose={done} onChanged={changed} />}
      {((registering !== null && registering !== 'list') || edited) && (
        <RegisterDialog
          device={edited}
          onClose={() => {
            setEdited(null)
            done()
          }}
          onChanged={changed}
        />
      )}
      {keyed !== null && <CredentialsDialog thing={keyed} onClose={() => setKeyed(null)} />}
    </>
  )
}

function Changes(props: {
  device: Device
  onEdit: (device: Device) => void
  onCredentials: (thing: string) => void
}) {
  const { device, onEdit, onCredentials } = props
  return (
    <span class="buttons together">
      <button type="button" class="small" aria-label={`Edit ${device.thing}`} onClick={() => onEdit(device)}>
        Edit
      </button>
      <button
        type="button"
        class="small"
        aria-label={`Certificates of ${device.thing}`}
        onClick={() => onCredentials(device.thing)}
      >
        Certificates
      </button>
    </span>
  )
}

/** None for those who may not see across sites, or where there are none. */
const groupNames = async (signal: AbortSignal): Promise<string[]> =>
  Array.isArray(me.peek()?.sites)
    ? []
    : call<{ items: { name: string }[] }>('/v1/groups', { signal }).then(
        ({ items }) => items.map(({ name }) => name),
        () => [],
      )

const NAMES_A_QUERY = 150

async function statusesOf(names: readonly string[], signal: AbortSignal): Promise<Map<string, Status>> {
  const found = new Map<string, Status>()
  for (let i = 0; i < names.length; i += NAMES_A_QUERY) {
    const some = names.slice(i, i + NAMES_A_QUERY).map(segment)
    for (const [thing, status] of await statusByThing(`?things=${some.join()}`, signal))
      found.set(thing, status)
  }
  return found
}
