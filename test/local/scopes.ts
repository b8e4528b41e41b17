/** How an operation keeps to a caller's sites. */
export type Scope =
  /** Its path names a device: one of another site is not there. */
  | { kind: 'device'; body?: unknown; query?: string }
  /** Its body or path names devices: one of another site is not there. */
  | { kind: 'refusesDevice'; path: string; body?: unknown }
  /** Its path names a building: another one is not there. */
  | { kind: 'site'; body?: unknown }
  /** It belongs to all sites: whoever has a scope is refused. */
  | { kind: 'everySite'; path?: string; body?: unknown; query?: string }
  /** It names what belongs to a device, which is not there for whoever does not see the device. */
  | { kind: 'belongings'; of: 'alarm' | 'quarantine'; body?: unknown }
  /** A list: what lies elsewhere is left out. Without a scope the answer names `marker`. */
  | { kind: 'filtered'; query?: string; marker?: string }
  /** The same for everyone, and about no device. */
  | { kind: 'shared' }
  /** Needs a trade's own data; another test holds it to its sites. */
  | { kind: 'tested'; where: string }

const sixty4 = 'ab'.repeat(32)
const device = (over: object = {}): Scope => ({ kind: 'device', ...over })
const everySite = (over: object = {}): Scope => ({ kind: 'everySite', ...over })
const thingBody = { trade: 'plant', type: 'motor', site: 'north' }
const trades = 'test/api/trades.test.ts'
const days = { readings: 1, windows: 1, quarters: 1, days: 1 }
const policy = { classes: [{ name: 'all', measures: [], days }], warmAfterDays: 1, coldAfterDays: 2 }

/** Every operation of the API. One that is missing here fails the walk, so that a new endpoint cannot forget its sites. */
export const scopes: Readonly<Record<string, Scope>> = {
  listDevices: { kind: 'filtered' },
  getDevice: device(),
  putDevice: everySite({ path: '/v1/devices/s1', body: thingBody }),
  deleteDevice: device(),
  importDevices: { kind: 'tested', where: 'test/local/people.test.ts' },
  getDeviceEndpoint: { kind: 'shared' },
  listCredentials: device(),
  issueCredential: device({ body: {} }),
  revokeCredential: { kind: 'refusesDevice', path: `/v1/devices/s1/credentials/${sixty4}` },
  listTypes: { kind: 'shared' },
  listTypeVersions: { kind: 'shared' },
  putType: everySite({ path: '/v1/types/x', body: { trade: 'plant', measures: {} } }),
  listStatus: { kind: 'filtered' },
  countStatus: { kind: 'tested', where: 'test/local/people.test.ts' },
  getStatus: device(),
  nearestDevices: { kind: 'filtered', query: '?latitude=50&longitude=7' },
  listShadows: device(),
  getShadow: device(),
  updateShadow: device({ body: { state: { desired: { a: 1 } } } }),
  deleteShadow: device(),
  giveCommand: device({ body: { name: 'blink' } }),
  listCommands: device(),
  getCommand: device({ query: '?id=x' }),
  listGroups: everySite(),
  listGroupsOfDevice: device(),
  joinGroup: { kind: 'refusesDevice', path: '/v1/groups/g/members', body: { things: ['s1'] } },
  leaveGroup: { kind: 'refusesDevice', path: '/v1/groups/g/members/s1' },
  signCredential: device({ body: { csr: 'x' } }),
  rotateCredential: device({ body: {} }),
  listRoots: { kind: 'shared' },
  renewRoot: everySite({ body: {} }),
  listTemplates: everySite(),
  putTemplate: everySite({ path: '/v1/provisioning/templates/t', body: { body: {}, type: 'motor' } }),
  listAllowed: everySite({ path: '/v1/provisioning/templates/t/allowed' }),
  allowThings: everySite({ path: '/v1/provisioning/templates/t/allowed', body: { things: ['x'] } }),
  disallowThing: everySite({ path: '/v1/provisioning/templates/t/allowed/x' }),
  listClaims: everySite(),
  createClaim: everySite({ body: { name: 'c', template: 't' } }),
  revokeClaim: everySite({ path: `/v1/provisioning/claims/${sixty4}` }),
  createJob: everySite({ body: { id: 'j', document: {}, things: ['s1'] } }),
  listJobs: everySite(),
  getJob: everySite({ path: '/v1/jobs/j' }),
  listExecutions: everySite({ path: '/v1/jobs/j/executions' }),
  pauseJob: everySite({ path: '/v1/jobs/j/pause', body: {} }),
  resumeJob: everySite({ path: '/v1/jobs/j/resume', body: {} }),
  cancelJob: everySite({ path: '/v1/jobs/j/cancel', body: {} }),
  rollBackJob: everySite({ path: '/v1/jobs/j/rollback', body: {} }),
  whoAmI: { kind: 'shared' },
  logIn: { kind: 'shared' },
  listUsers: everySite(),
  putUser: everySite({ path: '/v1/users/me', body: { role: 'admin', password: 'long enough password' } }),
  removeUser: everySite({ path: '/v1/users/me' }),
  listTokens: everySite(),
  createToken: everySite({ body: { name: 'x', role: 'admin' } }),
  revokeToken: everySite({ path: '/v1/tokens/abcd' }),
  listLatest: { kind: 'filtered' },
  getLatest: device(),
  listReadings: device(),
  importReadings: device({ body: { measures: { temperature: 1 }, at: 1_763_806_800_000 } }),
  listWindows: device(),
  querySeries: { kind: 'refusesDevice', path: '/v1/series?things=s1' },
  askFleetQuestion: { kind: 'tested', where: 'test/api/fleet.test.ts' },
  getRetention: { kind: 'shared' },
  putRetention: everySite({ body: policy }),
  eraseDeviceData: device(),
  getErasure: everySite({ path: '/v1/devices/s1/erasure' }),
  refoldRaw: everySite({ body: { from: 1_763_806_800_000, to: 1_763_806_900_000 } }),
  listDeviceAnomalies: device(),
  listAnomalies: { kind: 'filtered' },
  listFacts: { kind: 'tested', where: 'test/api/history.test.ts' },
  listVehiclePositions: { kind: 'tested', where: 'test/api/fleet.test.ts' },
  getVehicleFuel: device(),
  getVehicleDriving: device(),
  getVehicleTrack: device(),
  listVehicleTrips: device(),
  listVehicleStops: device(),
  listSites: { kind: 'filtered', marker: 'south' },
  getSite: { kind: 'site' },
  putSite: { kind: 'tested', where: trades },
  deleteSite: { kind: 'site' },
  listZones: { kind: 'site' },
  listComfort: { kind: 'site' },
  listEnergy: { kind: 'site' },
  listDecisions: { kind: 'site' },
  getPlan: { kind: 'site' },
  planNow: { kind: 'site' },
  overrideZone: { kind: 'site', body: { heatC: 20, coolC: 25, until: 4_102_444_800_000 } },
  endOverride: { kind: 'site' },
  listRisks: { kind: 'tested', where: trades },
  listWorkOrders: { kind: 'tested', where: trades },
  moveWorkOrder: { kind: 'tested', where: trades },
  listModels: { kind: 'shared' },
  promoteModel: everySite({ path: '/v1/models/failure/promote', body: { version: 1 } }),
  rollBackModel: everySite({ path: '/v1/models/failure/rollback' }),
  listUsualBands: device(),
  listReports: { kind: 'tested', where: 'test/api/reports.test.ts' },
  makeReport: { kind: 'tested', where: 'test/api/reports.test.ts' },
  getReport: { kind: 'tested', where: 'test/api/reports.test.ts' },
  getReportPdf: { kind: 'tested', where: 'test/api/reports.test.ts' },
  getReportCsv: { kind: 'tested', where: 'test/api/reports.test.ts' },
  exportReadings: { kind: 'refusesDevice', path: '/v1/export?things=s1' },
  importTable: { kind: 'tested', where: 'test/local/people.test.ts' },
  rebuildWindows: everySite({ body: { from: 1_763_806_800_000, to: 1_763_806_900_000 } }),
  addModelVersion: everySite({ path: '/v1/models/failure/versions', body: { file: '{}', metrics: {} } }),
  getModelVersion: { kind: 'shared' },
  listFailureModes: { kind: 'shared' },
  reportFailure: { kind: 'tested', where: trades },
  listTrainingExamples: { kind: 'tested', where: trades },
  listAlarms: { kind: 'filtered' },
  getAlarm: { kind: 'belongings', of: 'alarm' },
  listAlarmHistory: { kind: 'belongings', of: 'alarm' },
  acknowledgeAlarm: { kind: 'belongings', of: 'alarm', body: {} },
  listQuarantine: { kind: 'filtered' },
  getQuarantineEntry: { kind: 'belongings', of: 'quarantine' },
  replayQuarantineEntry: { kind: 'belongings', of: 'quarantine', body: {} },
  discardQuarantineEntry: { kind: 'belongings', of: 'quarantine', body: {} },
  streamLive: { kind: 'tested', where: 'test/api/live.test.ts' },
  getHealth: { kind: 'shared' },
  getMetrics: { kind: 'shared' },
  listAudit: everySite(),
}
