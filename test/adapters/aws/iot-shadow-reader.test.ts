import { describe, expect, it } from 'vitest'
import { iotShadowReader } from '../../../src/adapters/aws/iot/iot-shadow-reader.ts'

describe('iotShadowReader', () => {
  const read = async (answer: object) =>
    iotShadowReader({ get: async () => answer as never }).read('ahu-1', 'hvac')

  it('gives the document, null where there is none, and throws where it could not be read', async () => {
    const document = { state: { desired: { zones: {} } }, metadata: {}, version: 3, timestamp: 7 }
    expect(await read(document)).toEqual(document)
    expect(await read({ code: 404, message: 'no shadow exists with name: hvac' })).toBeNull()
    await expect(read({ code: 400, message: 'bad name' })).rejects.toThrow('shadow hvac of ahu-1 could not be read: bad name') // prettier-ignore
  })
})
