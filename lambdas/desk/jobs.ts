import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import type { Iot } from '../../src/adapters/aws/iot/iot-credentials.ts'
import { iotJobStore } from '../../src/adapters/aws/iot/iot-job-store.ts'
import { activeAlarms } from '../../src/pipeline/devices/active-alarms.ts'
import { healthLook } from '../../src/pipeline/devices/health-look.ts'
import { createJobDesk } from '../../src/pipeline/devices/job-desk.ts'
import type { Audit } from '../../src/ports/audit.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Jobs } from '../../src/ports/device-desk.ts'
import type { Standing } from './standing.ts'

export interface DeskJobsParts {
  dynamo: Dynamo
  iot: Iot
  jobsTable: string
  alarmTable: string
  joinsARelease: number
  standing(): Promise<Standing>
  audit: Pick<Audit, 'record'>
  clock: Clock
}

/** Rollouts as on the box; AWS IoT Jobs carries each to its devices, and the minute's sweep moves it on. */
export function deskJobs(parts: DeskJobsParts): Jobs & { sweep(): Promise<void> } {
  const { dynamo, iot, jobsTable, alarmTable, joinsARelease, standing, audit, clock } = parts
  const store = iotJobStore({ dynamo, table: jobsTable, iot, joinsARelease })
  const book = dynamoAlarmBook(dynamo, alarmTable)

  const desk = createJobDesk({
    store,
    clock,
    audit,
    // AWS IoT Jobs tells the devices by itself.
    changed: () => {},
    look: async () => {
      const { condition } = await standing()
      return healthLook(await activeAlarms(book), (thing) => ({ condition: condition(thing) }))
    },
  })
  return {
    ...desk,
    list: store.list,
    executions: store.executions,
    get: async (id) => {
      const job = await store.get(id)
      return job && { ...job, counts: await store.counts(id) }
    },
  }
}
