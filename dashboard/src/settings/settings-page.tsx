import { may } from '../session/me.ts'
import { chosenTab, Tabs } from '../ui/tabs.tsx'
import { AuditLog } from './audit-log.tsx'
import { DataTab } from './data-tab.tsx'
import { GeneralTab } from './general-tab.tsx'
import { PeopleTab } from './people-tab.tsx'
import { RetentionTab } from './retention-tab.tsx'

const all = [
  ['general', 'General'],
  ['people', 'People and tokens'],
  ['retention', 'Retention'],
  ['data', 'Data'],
  ['audit', 'Audit log'],
] as const

export function SettingsPage() {
  // What only administrators may see is not offered to others.
  const tabs = all.filter(([id]) => (id !== 'people' && id !== 'audit') || may('admin'))
  const tab = chosenTab(tabs)
  return (
    <>
      <Tabs label="Settings" tabs={tabs} />
      {tab === 'general' && <GeneralTab />}
      {tab === 'people' && <PeopleTab />}
      {tab === 'retention' && <RetentionTab />}
      {tab === 'data' && <DataTab />}
      {tab === 'audit' && <AuditLog />}
    </>
  )
}
