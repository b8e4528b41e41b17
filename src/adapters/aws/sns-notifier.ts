import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns'
import type { Transition } from '../../core/alarm/transition.ts'
import type { Notifier } from '../../ports/notifier.ts'

export interface SnsNotifierOptions {
  sns: Pick<SNSClient, 'send'>
  topicArn: string
  /** What subscribers may also filter by. */
  about(thing: string): { trade?: string; site?: string }
}

/** AWS: a subject is ASCII without line breaks, shorter than 100 characters. */
const SUBJECT_LENGTH = 99

/** Publishes transitions with attributes for filter policies; `id` is stable, so a receiver drops what it has seen. */
export function snsNotifier({ sns, topicArn, about }: SnsNotifierOptions): Notifier {
  return {
    notify: async (transition) => {
      const { id, rule, thing, key, to, severity, at, why } = transition
      const subject = subjectOf(transition)
      const attributes = { severity, rule, thing, to, ...about(thing) }
      await sns.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: subject.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_LENGTH),
          Message: JSON.stringify({ id, alarm: `${rule}/${thing}/${key}`, rule, thing, key, to, severity, at, why, subject }), // prettier-ignore
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).flatMap(([name, value]) =>
              value === undefined ? [] : [[name, { DataType: 'String', StringValue: value }]],
            ),
          ),
        }),
      )
    },
  }
}

const subjectOf = ({ to, severity, thing, key }: Transition): string =>
  to === 'active' ? `${severity} alarm: ${thing} ${key}` : `cleared: ${thing} ${key}`
