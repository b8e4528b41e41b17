import { moment, bytes, chooseZone, count, dateTime, zoneChoice, zoneLabel } from '../data/format.ts'
import { health } from '../data/health.ts'
import { chooseTheme, themeChoice } from '../data/theme.ts'
import { liveState } from '../live/live.ts'
import { Choice } from '../ui/form.tsx'
import { Empty, Panel } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'

export function GeneralTab() {
  const found = health.value
  return (
    <div class="columns">
      <div class="stack">
        <Panel title="This browser">
          <div class="body toolbar">
            <Choice
              label="Colours"
              value={themeChoice.value}
              options={[
                ['system', 'As the system'],
                ['dark', 'Dark'],
                ['light', 'Light'],
              ]}
              onChange={chooseTheme}
            />
            <Choice
              label="Times"
              value={zoneChoice.value}
              options={[
                ['local', 'In this computer’s zone'],
                ['utc', 'In UTC'],
              ]}
              onChange={chooseZone}
            />
            <span class="muted range-text">Shown in {zoneLabel()}</span>
          </div>
        </Panel>
        <Panel title="Conditions">
          {found && found.conditions.length > 0 ? (
            <Table
              label="Conditions"
              items={found.conditions}
              keyOf={({ code }) => code}
              columns={[
                { title: 'Code', cell: ({ code }) => <code>{code}</code> },
                { title: 'What, and what to do', cell: ({ text }) => text, card: 'plain' },
                { title: 'Since', cell: ({ since }) => moment(since), numeric: true },
              ]}
            />
          ) : (
            <Empty title="The platform is at its best">
              What keeps it from that appears here, with a remedy.
            </Empty>
          )}
        </Panel>
      </div>
      <Panel title="Platform">
        <div class="body stack">
          <dl class="facts platform">
            <dt>Version</dt>
            <dd>{found?.version}</dd>
            <dt>Started</dt>
            <dd>{found ? dateTime(found.startedAt) : '–'}</dd>
            <dt>News</dt>
            <dd>{liveState.value === 'polling' ? 'polled' : 'streamed'}</dd>
            {Object.entries(found?.gauges ?? {}).map(([name, value]) => (
              <>
                <dt>{name.replace(/(_bytes)?(_total)?$/, '').replaceAll('_', ' ')}</dt>
                <dd>{/_bytes(_total)?$/.test(name) ? bytes(value) : count(value)}</dd>
              </>
            ))}
          </dl>
          <p>
            <a href="./docs">API and its documentation</a>
          </p>
        </div>
      </Panel>
    </div>
  )
}
