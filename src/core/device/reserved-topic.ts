import { isThingName } from '../telemetry/limits.ts'
import { isShadowName } from './shadow.ts'

/** What a device asks of the platform on one of AWS IoT Core's reserved topics. `base` is where the answer goes. */
export type ReservedTopic =
  | { kind: 'shadow'; thing: string; shadow: string; verb: 'get' | 'update' | 'delete'; base: string }
  | { kind: 'jobs'; thing: string; verb: 'get' | 'start-next'; base: string }
  | { kind: 'job'; thing: string; job: string; verb: 'get' | 'update'; base: string }
  | { kind: 'certificate'; verb: 'create' | 'create-from-csr'; base: string }
  | { kind: 'provision'; template: string; base: string }

/** Null for a topic on which nothing answers. The classic shadow has the empty name. */
export function parseReservedTopic(topic: string): ReservedTopic | null {
  const [root, area, ...rest] = topic.split('/')
  if (root !== '$aws') return null
  const base = topic
  if (area === 'things') return parseThing(rest, base)
  if (area === 'certificates') {
    const [verb, format, ...more] = rest
    if (format !== 'json' || more.length > 0) return null
    return verb === 'create' || verb === 'create-from-csr' ? { kind: 'certificate', verb, base } : null
  }
  if (area === 'provisioning-templates') {
    const [template, verb, format, ...more] = rest
    if (!template || verb !== 'provision' || format !== 'json' || more.length > 0) return null
    return { kind: 'provision', template, base }
  }
  return null
}

function parseThing([thing, area, ...rest]: string[], base: string): ReservedTopic | null {
  if (!thing || !isThingName(thing)) return null
  if (area === 'shadow') {
    const named = rest[0] === 'name'
    const [verb, ...more] = named ? rest.slice(2) : rest
    const shadow = named ? (rest[1] ?? '') : ''
    if (more.length > 0 || (named && !isShadowName(shadow))) return null
    return verb === 'get' || verb === 'update' || verb === 'delete'
      ? { kind: 'shadow', thing, shadow, verb, base }
      : null
  }
  if (area !== 'jobs') return null
  const [first, second, ...more] = rest
  if (more.length > 0 || !first) return null
  if (second === undefined)
    return first === 'get' || first === 'start-next' ? { kind: 'jobs', thing, verb: first, base } : null
  if (!/^[$\w-]{1,64}$/.test(first)) return null
  return second === 'get' || second === 'update'
    ? { kind: 'job', thing, job: first, verb: second, base }
    : null
}

/** Where everything about one shadow is published. */
export const shadowTopic = (thing: string, shadow: string): string =>
  `$aws/things/${thing}/shadow${shadow === '' ? '' : `/name/${shadow}`}`
