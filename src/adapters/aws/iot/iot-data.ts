import { PublishCommand, type IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'

export type IotData = Pick<IoTDataPlaneClient, 'send'>

/** Publishes to devices through IoT Core's data plane, QoS 1. */
export const iotPublish =
  (iot: IotData) =>
  async (topic: string, payload: Uint8Array): Promise<void> => {
    await iot.send(new PublishCommand({ topic, payload, qos: 1 }))
  }
