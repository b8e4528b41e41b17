import { request, withQuery } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import type { Latest } from '../api/types.ts'
import type { AlarmNews, OpenWire, Wire } from './live.ts'

const RETRY_MS = 2000

/** Server-sent events over fetch, because EventSource cannot send a token in a header. Falls back to `otherwise`. */
export function openStream(things: readonly string[], wire: Wire, otherwise: OpenWire): () => void {
  const abort = new AbortController()
  let lastId = ''
  let closeOther: (() => void) | null = null
  const path = withQuery('/v1/live', {
    things: things.join(','),
    kinds: things.length > 0 ? 'readings,alarm' : 'alarm',
  })

  async function listen(): Promise<void> {
    while (!abort.signal.aborted) {
      try {
        const headers: Record<string, string> = lastId === '' ? {} : { 'last-event-id': lastId }
        const { body } = await request(path, { headers, signal: abort.signal })
        if (body) await read(body)
      } catch (error) {
        if (abort.signal.aborted) return
        const { code } = asProblem(error)
        if (code === 'no_live_stream' || code === 'too_many_streams' || code === 'no_such_path') {
          closeOther = otherwise(things, wire)
          return
        }
      }
      if (abort.signal.aborted) return
      wire.onState('lost')
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }

  async function read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body
      .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
      .getReader()
    let rest = ''
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      wire.onSign()
      const frames = (rest + value).split('\n\n')
      rest = frames.pop() ?? ''
      for (const frame of frames) take(frame)
    }
  }

  function take(frame: string): void {
    let event = ''
    let data = ''
    for (const line of frame.split('\n')) {
      if (line.startsWith('id: ')) lastId = line.slice(4)
      else if (line.startsWith('event: ')) event = line.slice(7)
      else if (line.startsWith('data: ')) data = line.slice(6)
    }
    if (event === 'readings') wire.onLatest(JSON.parse(data) as Latest)
    else if (event === 'alarm') wire.onAlarm(JSON.parse(data) as AlarmNews)
    else if (event === 'dropped') wire.onGap()
    else if (event === 'hello') {
      wire.onState('live')
      if (!(JSON.parse(data) as { resumed: boolean }).resumed) wire.onGap()
    }
  }

  void listen()
  return () => {
    abort.abort()
    closeOther?.()
  }
}
