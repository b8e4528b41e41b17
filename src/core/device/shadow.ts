import type { EpochMs } from '../telemetry/reading.ts'
import { depthOf, isJsonObject, sameJson, utf8Length, type Json, type JsonObject } from './json.ts'

/** Limits of AWS IoT Core's shadows, each with its threat. */
export const shadowLimits = {
  /** State without metadata: a document store by accident. */
  documentBytes: 8 * 1024,
  /** Recursive code on both ends. */
  depth: 8,
  clientTokenBytes: 64,
  nameLength: 64,
  /** Unbounded rows a device. */
  shadowsPerThing: 25,
} as const

export const isShadowName = (name: string): boolean => /^[$\w:-]{1,64}$/.test(name)

export type Section = 'desired' | 'reported'
const sections: readonly Section[] = ['desired', 'reported']

/** Desired and reported state, and for every leaf the second in which it was set. */
export interface ShadowDocument {
  state: Partial<Record<Section, JsonObject>>
  metadata: Partial<Record<Section, JsonObject>>
  version: number
  /** Epoch seconds, as AWS has it. */
  timestamp: number
}

export interface ShadowError {
  code: 400 | 404 | 409 | 413
  message: string
}

/** What a device or a person asks to change, after validation. */
export interface ShadowUpdate {
  state: Partial<Record<Section, JsonObject | null>>
  version?: number
  clientToken?: string
}

/** What an accepted update makes known: an answer, the change as a whole, and what is still to be done. */
export interface ShadowChange {
  document: ShadowDocument
  accepted: JsonObject
  documents: JsonObject
  delta: JsonObject | null
}

const bad = (message: string): ShadowError => ({ code: 400, message })
const isError = (value: object): value is ShadowError => 'code' in value

/** Checks an update as AWS IoT Core does, with its words. */
export function parseShadowUpdate(body: unknown): ShadowUpdate | ShadowError {
  if (!isJsonObject(body)) return bad('Invalid JSON')
  const { state, version, clientToken } = body
  if (state === undefined) return bad('Missing required node: state')
  if (!isJsonObject(state)) return bad('State node must be an object')
  const update: ShadowUpdate = { state: {} }
  for (const [key, value] of Object.entries(state)) {
    if (key !== 'desired' && key !== 'reported') return bad(`State contains an invalid node: '${key}'`)
    if (value !== null && !isJsonObject(value))
      return bad(`${key === 'desired' ? 'Desired' : 'Reported'} node must be an object`)
    if (depthOf(value, shadowLimits.depth + 1) > shadowLimits.depth)
      return bad(`JSON contains too many levels of nesting; maximum is ${shadowLimits.depth}`)
    update.state[key] = value
  }
  if (version !== undefined && version !== null) {
    if (!Number.isSafeInteger(version) || (version as number) < 0) return bad('Invalid version')
    update.version = version as number
  }
  if (clientToken !== undefined) {
    if (typeof clientToken !== 'string' || utf8Length(clientToken) > shadowLimits.clientTokenBytes)
      return bad('Invalid clientToken')
    update.clientToken = clientToken
  }
  return update
}

/**
 * Merges an update into a shadow: objects key by key, anything else as a whole, null deletes. `version` of a shadow
 * that was deleted goes on counting, so a device that was away cannot mistake the new one for the old.
 */
export function updateShadow(
  before: ShadowDocument | null,
  lastVersion: number,
  update: ShadowUpdate,
  now: EpochMs,
): ShadowChange | ShadowError {
  if (update.version !== undefined && update.version !== lastVersion)
    return { code: 409, message: 'Version conflict' }
  const timestamp = Math.floor(now / 1000)
  const document: ShadowDocument = {
    state: { ...before?.state },
    metadata: { ...before?.metadata },
    version: lastVersion + 1,
    timestamp,
  }
  const asked: JsonObject = {}
  const askedMetadata: JsonObject = {}
  for (const section of sections) {
    const patch = update.state[section]
    if (patch === undefined) continue
    asked[section] = patch
    if (patch === null) {
      delete document.state[section]
      delete document.metadata[section]
      continue
    }
    const stamps = stampsOf(patch, timestamp) as JsonObject
    askedMetadata[section] = stamps
    document.state[section] = merge(document.state[section], patch, patch)
    document.metadata[section] = merge(document.metadata[section], stamps, patch)
  }
  if (utf8Length(JSON.stringify(document.state)) > shadowLimits.documentBytes)
    return { code: 413, message: 'The payload exceeds the maximum size allowed' }
  const token = tokenOf(update.clientToken)
  const head = { version: document.version, timestamp }
  const difference = deltaOf(document)
  return {
    document,
    accepted: { state: asked, metadata: askedMetadata, ...head, ...token },
    documents: { previous: plain(before), current: plain(document), timestamp, ...token },
    delta: difference === null ? null : { ...head, ...difference, ...token },
  }
}

/** What `get` answers: both states, their difference and their metadata. */
export function shadowView(document: ShadowDocument, clientToken?: string): JsonObject {
  const difference = deltaOf(document)
  return {
    state: { ...document.state, ...(difference && { delta: difference['state']! }) },
    metadata: { ...document.metadata },
    version: document.version,
    timestamp: document.timestamp,
    ...tokenOf(clientToken),
  }
}

/** What desired asks beyond what is reported, with its metadata; null if nothing. */
export function deltaOf({ state, metadata }: ShadowDocument): JsonObject | null {
  if (!state.desired) return null
  const found = difference(state.desired, state.reported ?? {}, metadata.desired ?? {})
  return found && { state: found.state, metadata: found.metadata }
}

/** The wire form of a refusal. */
export const shadowRefusal = (
  { code, message }: ShadowError,
  now: EpochMs,
  clientToken?: string,
): JsonObject => ({
  code,
  message,
  timestamp: Math.floor(now / 1000),
  ...tokenOf(clientToken),
})

export const isShadowError = (value: object): value is ShadowError => isError(value)

const tokenOf = (clientToken: string | undefined): JsonObject =>
  clientToken === undefined ? {} : { clientToken }

const plain = (document: ShadowDocument | null): JsonObject =>
  document === null
    ? {}
    : { state: { ...document.state }, metadata: { ...document.metadata }, version: document.version }

/**
 * `value` over `into`, guided by `patch`: where the patch has null, the key goes. Entries become own properties
 * whatever their name, so `__proto__` is a key like any other.
 */
function merge(into: Json | undefined, value: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(isJsonObject(into) ? Object.entries(into) : [])
  for (const [key, wish] of Object.entries(patch)) {
    if (wish === null) merged.delete(key)
    else if (isJsonObject(wish)) merged.set(key, merge(merged.get(key), value[key] as JsonObject, wish))
    else merged.set(key, value[key]!)
  }
  return Object.fromEntries(merged)
}

/** The shape of a value with a time in place of every leaf. */
function stampsOf(value: Json, timestamp: number): Json {
  if (Array.isArray(value)) return value.map((item) => stampsOf(item, timestamp))
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, stampsOf(inner, timestamp)]))
  return { timestamp }
}

function difference(
  desired: JsonObject,
  reported: JsonObject,
  metadata: JsonObject,
): { state: JsonObject; metadata: JsonObject } | null {
  const state: [string, Json][] = []
  const stamps: [string, Json][] = []
  for (const [key, wish] of Object.entries(desired)) {
    const actual = Object.hasOwn(reported, key) ? reported[key] : undefined
    if (sameJson(wish, actual)) continue
    const stamp = metadata[key]
    if (isJsonObject(wish) && isJsonObject(actual)) {
      const inner = difference(wish, actual, isJsonObject(stamp) ? stamp : {})
      if (inner === null) continue
      state.push([key, inner.state])
      stamps.push([key, inner.metadata])
    } else {
      state.push([key, wish])
      if (stamp !== undefined) stamps.push([key, stamp])
    }
  }
  return state.length === 0
    ? null
    : { state: Object.fromEntries(state), metadata: Object.fromEntries(stamps) }
}
