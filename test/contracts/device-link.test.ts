import { afterAll } from 'vitest'
import type { JsonObject } from '../../src/core/device/json.ts'
import { covers } from '../../src/adapters/local/broker/topics.ts'
import { iotPublish } from '../../src/adapters/aws/iot/iot-data.ts'
import { iotShadowDesk } from '../../src/adapters/aws/iot/iot-shadow-desk.ts'
import { awsExchanges } from '../aws/exchanges.ts'
import { connectDevice, makeDeployment } from '../aws/iot-under-test.ts'
import { startDeviceBox, type DeviceBox } from '../local/device-box.ts'
import { deviceLinkContract } from './device-link.ts'

let box: DeviceBox | undefined
const aws = awsExchanges('device-link')
afterAll(async () => {
  await box?.close()
  aws.close()
})

deviceLinkContract('the box', async () => {
  const own = (box = await startDeviceBox())
  return {
    link: { publish: async (topic, payload, qos) => own.publish(topic, payload, qos) },
    shadows: own.desk.shadows,
    connect: async (thing) => {
      const client = await own.device(thing)
      return {
        publish: async (topic, payload) => void (await client.publishAsync(topic, payload, { qos: 1 })),
        hear: async (filter) => {
          const heard: { topic: string; body: JsonObject }[] = []
          client.on('message', (topic, payload) => {
            if (covers(filter, topic))
              heard.push({ topic, body: JSON.parse(payload.toString()) as JsonObject })
          })
          await client.subscribeAsync(filter, { qos: 1 })
          return heard
        },
        close: () => client.endAsync(),
      }
    },
  }
})

deviceLinkContract('AWS', async () => {
  await makeDeployment(aws)
  const data = aws.client('data')
  return {
    link: { publish: iotPublish(data) },
    shadows: iotShadowDesk(data),
    connect: async (thing) => connectDevice(aws, thing),
  }
})
