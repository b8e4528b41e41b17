import { createTransport } from 'nodemailer'
import type { Notifier } from '../../ports/notifier.ts'
import { notificationOf, subjectOf } from './notification.ts'

export interface SmtpOptions {
  /** smtp://user:password@host:port, or smtps:// for TLS from the first byte. */
  url: string
  from: string
  to: readonly string[]
  timeoutMs: number
}

/** Mails each transition. Its message id is the transition's, so that mailboxes which look for repeats find them. */
export function smtpNotifier({ url, from, to, timeoutMs }: SmtpOptions): Notifier {
  if (to.length === 0) throw new Error('nobody to mail to; give at least one address')
  if (!/^smtps?:\/\//.test(url)) throw new Error('a mail server begins with smtp:// or smtps://')
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    notify: async (transition) => {
      const { id, at, why, thing, key, severity } = notificationOf(transition)
      await transport.sendMail({
        from,
        to: [...to],
        subject: subjectOf(transition),
        messageId: `<${Buffer.from(id).toString('base64url')}@telltale>`,
        text: [
          why.text,
          '',
          `device    ${thing}`,
          `key       ${key}`,
          `severity  ${severity}`,
          `time      ${new Date(at).toISOString()}`,
          `alarm     ${id}`,
        ].join('\n'),
      })
    },
  }
}
