import type { ComponentType } from 'preact'

export interface PageEntry {
  /** First part of the address. */
  path: string
  title: string
  /** Fetches the page; each is a file of its own, so that the first one shows soon. */
  load: () => Promise<ComponentType>
  /** Where the navigation shows it; null where only links lead to it. */
  group: 'watch' | 'trades' | 'manage' | null
  /** 24 × 24 outline. */
  icon?: string
}

/** Every page. Adding one is a folder and a line here. */
export const pages: readonly PageEntry[] = [
  { path: '', title: 'Overview', load: async () => (await import('./overview/overview-page.tsx')).OverviewPage, group: 'watch', icon: 'M4 13h6V4H4zm0 7h6v-4H4zm10 0h6v-9h-6zm0-16v4h6V4z' }, // prettier-ignore
  { path: 'alarms', title: 'Alarms', load: async () => (await import('./alarms/alarms-page.tsx')).AlarmsPage, group: 'watch', icon: 'M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4' }, // prettier-ignore
  { path: 'sites', title: 'Sites', load: async () => (await import('./sites/sites-page.tsx')).SitesPage, group: 'watch', icon: 'M3 20V9l6 4V9l6 4V4h5v16zM7 16h2m3 0h2m3 0h1' }, // prettier-ignore
  { path: 'device', title: 'Device', load: async () => (await import('./device/device-page.tsx')).DevicePage, group: null }, // prettier-ignore
  { path: 'maintenance', title: 'Maintenance', load: async () => (await import('./maintenance/maintenance-page.tsx')).MaintenancePage, group: 'trades', icon: 'M14 7a4 4 0 0 1 5-4l-3 3 2 2 3-3a4 4 0 0 1-5 5L8 18l-3 2-1-1 2-3z' }, // prettier-ignore
  { path: 'fleet', title: 'Fleet', load: async () => (await import('./fleet/fleet-page.tsx')).FleetPage, group: 'trades', icon: 'M2 6h12v10H2zm12 4h4l4 4v2h-8M6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4m12 0a2 2 0 1 0 0-4 2 2 0 0 0 0 4' }, // prettier-ignore
  { path: 'buildings', title: 'Buildings', load: async () => (await import('./buildings/buildings-page.tsx')).BuildingsPage, group: 'trades', icon: 'M5 21V3h14v18M9 7h2m2 0h2M9 11h2m2 0h2M9 15h2m2 0h2M10 21v-3h4v3M3 21h18' }, // prettier-ignore
  { path: 'reports', title: 'Reports', load: async () => (await import('./reports/reports-page.tsx')).ReportsPage, group: 'watch', icon: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6' }, // prettier-ignore
  { path: 'devices', title: 'Devices', load: async () => (await import('./devices/devices-page.tsx')).DevicesPage, group: 'manage', icon: 'M7 7h10v10H7zM10 10h4v4h-4zM9 3v4m6-4v4M9 17v4m6-4v4M3 9h4m-4 6h4m10-6h4m-4 6h4' }, // prettier-ignore
  { path: 'quarantine', title: 'Quarantine', load: async () => (await import('./quarantine/quarantine-page.tsx')).QuarantinePage, group: 'manage', icon: 'M12 3 20 6v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM12 8v5m0 3v.5' }, // prettier-ignore
  { path: 'settings', title: 'Settings', load: async () => (await import('./settings/settings-page.tsx')).SettingsPage, group: 'manage', icon: 'M4 7h10m4 0h2M4 17h2m4 0h10M14 4v6M6 14v6' }, // prettier-ignore
]
