import type { RawMessage } from '../src/ports/raw-record.ts'

export interface Admission {
  /** Calls back once the message is durable, or with an error where it must be sent again. */
  take(message: RawMessage, done: (error?: Error) => void): void
  heldBytes(): number
  close(): void
}

export interface AdmissionOptions {
  append(message: RawMessage, done: (error?: Error) => void): void
  /** Whether so much waits, for the disk or to be folded, that devices must wait too. */
  behind(): boolean
  /** Beyond this many bytes held, messages are refused: a sender that ignores missing PUBACKs must not fill the memory. */
  mostHeldBytes: number
  everyMs: number
}

/** The way into the journal. While the box is behind, messages are held here in their order, and with them their PUBACKs. */
export function createAdmission({ append, behind, mostHeldBytes, everyMs }: AdmissionOptions): Admission {
  let held: { message: RawMessage; done: (error?: Error) => void }[] = []
  let heldBytes = 0
  let timer: NodeJS.Timeout | null = null

  function letIn(): void {
    timer = null
    let n = 0
    for (; n < held.length && !behind(); n++) {
      const { message, done } = held[n]!
      heldBytes -= message.payload.length
      append(message, done)
    }
    held = held.slice(n)
    if (held.length > 0) timer = setTimeout(letIn, everyMs)
  }

  return {
    take: (message, done) => {
      if (held.length === 0 && !behind()) return append(message, done)
      if (heldBytes > mostHeldBytes) return done(new Error('the box is behind; send it again'))
      // A copy: the payload is a view of a receive buffer, all of which would stay.
      held.push({ message: { ...message, payload: new Uint8Array(message.payload) }, done })
      heldBytes += message.payload.length
      timer ??= setTimeout(letIn, everyMs)
    },
    heldBytes: () => heldBytes,
    close: () => {
      if (timer) clearTimeout(timer)
      held = []
    },
  }
}
