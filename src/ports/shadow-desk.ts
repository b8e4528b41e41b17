import type { JsonObject } from '../core/device/json.ts'
import type { ShadowChange, ShadowDocument, ShadowError, ShadowUpdate } from '../core/device/shadow.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

/** Shadows as AWS IoT Core answers them; the classic shadow has the empty name. Whoever listens on the topics hears it too. */
export interface ShadowDesk {
  get(thing: string, shadow: string, clientToken?: string): Promise<JsonObject | ShadowError>
  /** `body` is the request as it came: it is validated here. */
  update(thing: string, shadow: string, body: unknown): Promise<JsonObject | ShadowError>
  remove(thing: string, shadow: string, clientToken?: string): Promise<JsonObject | ShadowError>
  /** Ascending; the classic shadow, if there is one, comes first. */
  names(thing: string): Promise<string[]>
}

/** Where shadows lie. An update is one step: nobody else's comes in between. */
export interface ShadowStore {
  read(thing: string, shadow: string): Promise<ShadowDocument | null>
  apply(
    thing: string,
    shadow: string,
    update: ShadowUpdate,
    now: EpochMs,
  ): Promise<ShadowChange | ShadowError>
  /** Gives the version that was deleted, null if there was none. Counting goes on from there. */
  erase(thing: string, shadow: string): Promise<number | null>
  names(thing: string): Promise<string[]>
  /** Everything about a device that is no more. */
  forget(thing: string): Promise<void>
}
