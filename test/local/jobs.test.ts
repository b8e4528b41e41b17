// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-argument, typescript/no-unsafe-return, typescript/no-explicit-any */
import { iotjobs, mqtt as crt } from 'aws-iot-device-sdk-v2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hearing, startDeviceBox, until, type DeviceBox } from './device-box.ts'

let box: DeviceBox
beforeAll(async () => {
  box = await startDeviceBox()
})
afterAll(() => box.close())

const QOS = crt.QoS.AtLeastOnce
const plan = { cohorts: [0.5, 1], soakMs: 0, maxFailureShare: 0.4 }
const job = async (
  id: string,
): Promise<{ status: string; reason: string; counts: Record<string, number>; released: number }> =>
  (await box.api('GET', `/v1/jobs/${id}`)).body

describe('jobs', () => {
  it('are found, begun and finished with aws-iot-device-sdk-v2', async () => {
    await (await box.device('m1')).endAsync()
    const connection = box.sdk('m1', await box.devices.issue('m1'))
    await connection.connect()
    const client = new iotjobs.IotJobsClient(connection)
    const thingName = 'm1'
    const heard: [string, any][] = []
    const note = (name: string) => (error?: Error, message?: unknown) =>
      void heard.push([name, error ?? message])
    const of = (name: string) => heard.filter(([kind]) => kind === name).map(([, message]) => message)
    await client.subscribeToNextJobExecutionChangedEvents({ thingName }, QOS, note('next'))
    await client.subscribeToStartNextPendingJobExecutionAccepted({ thingName }, QOS, note('started'))
    await client.subscribeToGetPendingJobExecutionsAccepted({ thingName }, QOS, note('pending'))
    await client.subscribeToDescribeJobExecutionAccepted({ thingName, jobId: 'fw-2' }, QOS, note('described'))
    await client.subscribeToUpdateJobExecutionAccepted({ thingName, jobId: 'fw-2' }, QOS, note('updated'))
    await client.subscribeToUpdateJobExecutionRejected({ thingName, jobId: 'fw-2' }, QOS, note('rejected'))

    const created = await box.api('POST', '/v1/jobs', {
      id: 'fw-2',
      document: { url: 'https://box/fw-2' },
      things: ['m1'],
    })
    expect(created.status).toBe(201)
    await until(() => of('next').length === 1)
    expect(of('next')[0].execution).toMatchObject({
      jobId: 'fw-2',
      status: 'QUEUED',
      jobDocument: { url: 'https://box/fw-2' },
    })

    await client.publishGetPendingJobExecutions({ thingName }, QOS)
    await until(() => of('pending').length === 1)
    expect(of('pending')[0].queuedJobs).toMatchObject([{ jobId: 'fw-2' }])

    await client.publishStartNextPendingJobExecution({ thingName }, QOS)
    await until(() => of('started').length === 1)
    expect(of('started')[0].execution).toMatchObject({
      jobId: 'fw-2',
      status: 'IN_PROGRESS',
      versionNumber: 2,
    })

    await client.publishDescribeJobExecution({ thingName, jobId: 'fw-2', includeJobDocument: true }, QOS)
    await until(() => of('described').length === 1)
    const update = { thingName, jobId: 'fw-2' }
    await client.publishUpdateJobExecution(
      { ...update, status: iotjobs.model.JobStatus.SUCCEEDED, expectedVersion: 9 },
      QOS,
    )
    await until(() => of('rejected').length === 1)
    expect(of('rejected')[0]).toMatchObject({ code: 'VersionMismatch' })
    await client.publishUpdateJobExecution(
      { ...update, status: iotjobs.model.JobStatus.SUCCEEDED, expectedVersion: 2 },
      QOS,
    )
    await until(() => of('updated').length === 1)
    await until(async () => (await job('fw-2')).status === 'completed')
    await client.publishUpdateJobExecution({ ...update, status: iotjobs.model.JobStatus.FAILED }, QOS)
    await until(() => of('rejected').length === 2)
    expect(of('rejected')[1]).toMatchObject({ code: 'TerminalStateReached' })
    await connection.disconnect()
  })

  it('pause by themselves when a cohort fails, and roll back whom they reached', async () => {
    const things = ['c1', 'c2', 'c3', 'c4']
    const clients = await Promise.all(things.map((thing) => box.device(thing)))
    const heard = await Promise.all(
      clients.map((client, i) => hearing(client, `$aws/things/${things[i]}/jobs/notify-next`)),
    )
    const body = { id: 'bad', document: { v: 2 }, things, plan, rollback: { v: 1 } }
    expect((await box.api('POST', '/v1/jobs', body)).body).toMatchObject({ released: 1, targets: 4 })
    await until(() => heard[0]!.length === 1 && heard[1]!.length === 1)
    expect(heard[2]).toEqual([])
    for (const i of [0, 1])
      await clients[i]!.publishAsync(`$aws/things/${things[i]}/jobs/bad/update`, JSON.stringify({ status: 'FAILED', statusDetails: { why: 'checksum' } }), { qos: 1 }) // prettier-ignore
    await until(async () => (await job('bad')).status === 'paused')
    expect(await job('bad')).toMatchObject({ counts: { FAILED: 1 + 1 } })
    expect((await box.api('POST', '/v1/jobs/bad/rollback', {})).body.status).toBe('rolled back')
    await until(async () => (await box.api('GET', '/v1/jobs/bad-rollback')).status === 200)
    expect((await box.api('GET', '/v1/jobs/bad-rollback/executions')).body.items.map((e: { thing: string }) => e.thing)).toEqual(['c1', 'c2']) // prettier-ignore
    await until(() => heard[0]!.at(-1)!.body.execution?.jobDocument?.v === 1)
    expect((await box.api('POST', '/v1/jobs', body)).status).toBe(409)
    await Promise.all(clients.map((client) => client.endAsync()))
  })
})
