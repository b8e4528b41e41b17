/** The part of a CloudFormation custom resource's event that handlers use. */
export interface CustomResourceEvent {
  RequestType: 'Create' | 'Update' | 'Delete'
  ResponseURL: string
  StackId: string
  RequestId: string
  LogicalResourceId: string
  PhysicalResourceId?: string
  ResourceProperties: Readonly<Record<string, unknown>>
}

type Send = (url: string, body: string) => Promise<void>

/** AWS: the answer is a PUT to a presigned address, with no content type. */
const sendToS3: Send = async (url, body) => {
  const response = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } })
  if (!response.ok) throw new Error(`CloudFormation's address answered ${response.status}`)
}

/**
 * A handler that tells CloudFormation how it went, whatever happens: a stack whose resource never answers hangs for an
 * hour. The physical id stays what it was, so that an update never means replace and delete.
 */
export const customResource =
  (act: (event: CustomResourceEvent) => Promise<void>, send: Send = sendToS3) =>
  async (event: CustomResourceEvent): Promise<void> => {
    let reason = ''
    try {
      await act(event)
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
      console.error(error)
    }
    await send(
      event.ResponseURL,
      JSON.stringify({
        Status: reason === '' ? 'SUCCESS' : 'FAILED',
        Reason: reason,
        PhysicalResourceId: event.PhysicalResourceId ?? event.LogicalResourceId,
        StackId: event.StackId,
        RequestId: event.RequestId,
        LogicalResourceId: event.LogicalResourceId,
      }),
    )
  }
