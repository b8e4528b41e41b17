import type { RawMessage, RawRecord } from '../../../ports/raw-record.ts'
import { decodeFrames, encodeFrames } from './frames.ts'
import type { Row } from './segments.ts'

/** The disk side of the journal, on another thread. */
export interface JournalDisk {
  append(row: Row): Promise<void>
  read(from: number, maxBytes: number): Promise<Row[]>
}

export interface Journal {
  /** Calls back once the message is on disk, or with an error at once if too much is waiting already. */
  append(message: RawMessage, done: (error?: Error) => void): void
  /** Position of the newest durable record. */
  head(): number
  /** Records in order from this position on, from disk. */
  read(from: number, maxBytes: number): Promise<RawRecord[]>
  /** Why nothing can be written at present, null if it can. */
  trouble(): string | null
  /** Bytes that wait for the disk. */
  waitingBytes(): number
  /** Resolves once everything appended so far is durable. */
  settled(): Promise<void>
}

export interface JournalOptions {
  disk: JournalDisk
  next: number
  /** Durable records, in order: each group as soon as it is on disk. */
  onDurable(records: RawRecord[]): void
  /** Bounds memory while the disk refuses: beyond it messages are refused, and their senders send them again. */
  maxWaitingBytes: number
  retryMs: number
}

/** A group takes whatever arrived while the previous one was being written; no timer, so an idle box adds no delay. */
export function createJournal({ disk, next, onDurable, maxWaitingBytes, retryMs }: JournalOptions): Journal {
  let waiting: { message: RawMessage; done: (error?: Error) => void }[] = []
  let waitingBytes = 0
  let writing = false
  let position = next
  let trouble: string | null = null
  let idle: (() => void)[] = []

  function append(message: RawMessage, done: (error?: Error) => void): void {
    if (waitingBytes > maxWaitingBytes) {
      done(new Error(trouble ?? 'the journal is behind'))
      return
    }
    waiting.push({ message, done })
    waitingBytes += message.payload.length + message.topic.length
    if (!writing) {
      writing = true
      setImmediate(writeGroup)
    }
  }

  function writeGroup(): void {
    const group = waiting
    const bytes = waitingBytes
    waiting = []
    const messages = group.map((g) => g.message)
    // Encoded for each attempt: the disk's thread takes the buffer over, and does not give it back when it refuses.
    const row = (): Row => ({ first: position, n: messages.length, data: encodeFrames(messages) })
    write(row, () => {
      waitingBytes -= bytes
      const records = messages as RawRecord[]
      for (const record of records) record.position = BigInt(position++)
      // Alarms first: acknowledging a group takes as long as folding it.
      onDurable(records)
      for (const { done } of group) done()
      if (waiting.length > 0) writeGroup()
      else {
        writing = false
        for (const resolve of idle.splice(0)) resolve()
      }
    })
  }

  /** A refused group is tried again until it is taken: its senders wait, nothing is lost, nothing is reordered. */
  function write(row: () => Row, taken: () => void): void {
    disk.append(row()).then(
      () => {
        trouble = null
        taken()
      },
      (error: Error) => {
        trouble = error.message
        setTimeout(() => write(row, taken), retryMs)
      },
    )
  }

  return {
    append,
    head: () => position - 1,
    read: async (from, maxBytes) => {
      const rows = await disk.read(from, maxBytes)
      const wanted = BigInt(from)
      return rows
        .flatMap((row) => decodeFrames(row.data, BigInt(row.first)))
        .filter((r) => r.position >= wanted)
    },
    trouble: () => trouble,
    waitingBytes: () => waitingBytes,
    settled: () => (writing ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()),
  }
}
