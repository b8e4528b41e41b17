import type { BrokerLimits } from './limits.ts'

/** Where a publish goes: into the journal (`ingest`), to the platform's reserved topics, or to subscribers only. */
export type Destination = 'ingest' | 'reserved' | 'subscribers'

const RULES = '$aws/rules/'

/** The topic as rules and the journal see it: without a Basic Ingest prefix. */
export function effectiveTopic(topic: string): string {
  if (!topic.startsWith(RULES)) return topic
  const end = topic.indexOf('/', RULES.length)
  return end < 0 ? '' : topic.slice(end + 1)
}

export const isBasicIngest = (topic: string): boolean => topic.startsWith(RULES)

/** What is wrong with a topic to publish to, null if nothing: AWS IoT Core's limits and MQTT 3.1.1, 4.7. */
export function topicFault(
  topic: string,
  limits: Pick<BrokerLimits, 'topicBytes' | 'topicSlashes'>,
): string | null {
  const counted = effectiveTopic(topic)
  if (counted === '') return 'topic is empty'
  if (Buffer.byteLength(counted) > limits.topicBytes) return `topic is longer than ${limits.topicBytes} bytes`
  if (slashes(counted) > limits.topicSlashes) return `topic has more than ${limits.topicSlashes} slashes`
  // MQTT-3.3.2-2, MQTT-1.5.3-2
  if (/[+#\0]/.test(topic)) return 'topic contains a wildcard or U+0000'
  if (topic.startsWith('$') && !topic.startsWith('$aws/')) return 'topic is reserved'
  return null
}

/** What is wrong with a filter to subscribe to. Shared subscriptions are left out. */
export function filterFault(
  filter: string,
  limits: Pick<BrokerLimits, 'topicBytes' | 'topicSlashes'>,
): string | null {
  if (filter === '') return 'filter is empty'
  if (Buffer.byteLength(filter) > limits.topicBytes) return `filter is longer than ${limits.topicBytes} bytes`
  if (slashes(filter) > limits.topicSlashes) return `filter has more than ${limits.topicSlashes} slashes`
  if (filter.includes('\0')) return 'filter contains U+0000'
  if (filter.startsWith('$') && !filter.startsWith('$aws/')) return 'filter is reserved'
  // AWS IoT Core: nobody can subscribe to Basic Ingest topics.
  if (filter.startsWith(RULES)) return 'Basic Ingest topics cannot be subscribed to'
  return null
}

export function destinationOf(topic: string): Destination {
  const effective = effectiveTopic(topic)
  if (isBasicIngest(topic)) return 'ingest'
  if (effective.startsWith('dt/') || effective.startsWith('spBv1.0/')) return 'ingest'
  if (effective.startsWith('cmd/') && effective.endsWith('/response')) return 'ingest'
  return effective.startsWith('$aws/') ? 'reserved' : 'subscribers'
}

/** Whether an MQTT filter covers a topic (MQTT 3.1.1, 4.7). */
export function covers(filter: string, topic: string): boolean {
  // MQTT-4.7.2-1
  if (topic.startsWith('$') && (filter.startsWith('+') || filter.startsWith('#'))) return false
  const levels = filter.split('/')
  const names = topic.split('/')
  for (let i = 0; i < levels.length; i++) {
    if (levels[i] === '#') return true
    if (i >= names.length || (levels[i] !== '+' && levels[i] !== names[i])) return false
  }
  return levels.length === names.length
}

function slashes(topic: string): number {
  let count = 0
  for (let i = 0; i < topic.length; i++) if (topic.charCodeAt(i) === 47) count++
  return count
}
