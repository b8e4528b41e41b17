import { createHmac } from 'node:crypto'
import { createServer as createHttp, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { consoleNotifier } from '../../../local/notifiers.ts'
import { smtpNotifier } from '../../../src/adapters/local/smtp-notifier.ts'
import { signature, webhookNotifier } from '../../../src/adapters/local/webhook-notifier.ts'
import { notifierContract, transition } from '../../contracts/notifier.ts'

const open: Server[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await closed(server)
})
const closed = (server: Server): Promise<unknown> =>
  new Promise((resolve) => {
    server.close(resolve)
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
  })
async function listening(server: Server): Promise<number> {
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

interface Received {
  headers: IncomingHttpHeaders
  body: string
}

async function receiver(answer: RequestListener = (_request, response) => response.writeHead(204).end()) {
  const received: Received[] = []
  const server = createHttp((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      received.push({ headers: request.headers, body })
      answer(request, response)
    })
  })
  const port = await listening(server)
  return { url: `http://127.0.0.1:${port}/hook`, received, server }
}

const webhook = (url: string, secret: string | null = 's3cret') =>
  webhookNotifier({ url, secret, timeoutMs: 2000, clock: { now: () => 1_795_341_601_500 } })

describe('webhookNotifier', () => {
  notifierContract(async () => {
    const { url, received, server } = await receiver()
    return {
      notifier: webhook(url),
      heard: () => received.map(({ body }) => body),
      breakDown: async () => void (await closed(server)),
    }
  })

  it('signs time and body, so that a receiver can tell forgeries and old requests', async () => {
    const { url, received } = await receiver()
    await webhook(url).notify(transition)
    const { headers, body } = received[0]!
    const mac = createHmac('sha256', 's3cret').update(`1795341601.${body}`).digest('hex')
    expect(headers['telltale-signature']).toBe(`t=1795341601,v1=${mac}`)
    expect(headers['idempotency-key']).toBe(transition.id)
    expect(signature('other', 1_795_341_601_500, body)).not.toContain(mac)
  })

  it('sends no signature without a secret', async () => {
    const { url, received } = await receiver()
    await webhook(url, null).notify(transition)
    expect(received[0]!.headers).not.toHaveProperty('telltale-signature')
  })

  it('takes any answer but success as a failure', async () => {
    for (const status of [302, 400, 500]) {
      const { url } = await receiver((_q, response) =>
        response.writeHead(status, { location: '/else' }).end(),
      )
      await expect(webhook(url).notify(transition)).rejects.toThrow(String(status))
    }
  })

  it('follows a redirect on the same host and never one to another', async () => {
    const elsewhere = await receiver()
    const stays = await receiver((request, response) =>
      request.url === '/hook'
        ? response.writeHead(308, { location: '/new' }).end()
        : response.writeHead(204).end(),
    )
    await webhook(stays.url).notify(transition)
    expect(stays.received).toHaveLength(2)
    expect(stays.received[1]!.body).toBe(stays.received[0]!.body)
    const leaves = await receiver((_q, response) =>
      response.writeHead(307, { location: elsewhere.url }).end(),
    )
    await expect(webhook(leaves.url).notify(transition)).rejects.toThrow('redirects to')
    expect(elsewhere.received).toEqual([])
    const circles = await receiver((_q, response) => response.writeHead(307, { location: '/hook' }).end())
    await expect(webhook(circles.url).notify(transition)).rejects.toThrow('without end')
  })

  it('gives up on a receiver that does not answer', async () => {
    const { url } = await receiver(() => {})
    const hasty = webhookNotifier({ url, secret: null, timeoutMs: 50, clock: { now: () => 0 } })
    await expect(hasty.notify(transition)).rejects.toThrow(/timeout|abort/i)
  })

  it('refuses an address that is not on the web', () => {
    expect(() => webhook('file:///etc/passwd')).toThrow('https://')
  })
})

/** As much of RFC 5321 as a client needs to hand over a mail. */
async function mailbox() {
  const mails: string[] = []
  const server = createTcp((socket) => {
    let data = false
    let pending = ''
    socket.on('error', () => {})
    socket.write('220 test\r\n')
    socket.on('data', (chunk: Buffer) => {
      pending += chunk.toString()
      if (data) {
        const end = pending.indexOf('\r\n.\r\n')
        if (end < 0) return
        mails.push(pending.slice(0, end))
        pending = pending.slice(end + 5)
        data = false
        socket.write('250 ok\r\n')
      }
      for (let end = pending.indexOf('\r\n'); end >= 0 && !data; end = pending.indexOf('\r\n')) {
        const verb = pending.slice(0, 4).toUpperCase()
        pending = pending.slice(end + 2)
        data = verb === 'DATA'
        socket.write(data ? '354 go on\r\n' : verb === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n')
        if (verb === 'QUIT') socket.end()
      }
    })
  })
  return { port: await listening(server), mails, server }
}

describe('smtpNotifier', () => {
  const mailer = (port: number) =>
    smtpNotifier({ url: `smtp://127.0.0.1:${port}`, from: 'box@plant.example', to: ['a@plant.example', 'b@plant.example'], timeoutMs: 2000 }) // prettier-ignore

  notifierContract(async () => {
    const { port, mails, server } = await mailbox()
    return { notifier: mailer(port), heard: () => mails, breakDown: async () => void (await closed(server)) }
  })

  it('addresses everyone and names the mail after the transition', async () => {
    const { port, mails } = await mailbox()
    await mailer(port).notify(transition)
    expect(mails[0]).toContain('To: a@plant.example, b@plant.example')
    expect(mails[0]!.replaceAll(/\r\n\s+/g, ' ')).toContain(
      `Message-ID: <${Buffer.from(transition.id).toString('base64url')}@telltale>`,
    )
  })

  it('refuses settings that reach nobody', () => {
    expect(() => smtpNotifier({ url: 'smtp://x', from: 'a', to: [], timeoutMs: 1 })).toThrow('nobody')
    expect(() => smtpNotifier({ url: 'http://x', from: 'a', to: ['b'], timeoutMs: 1 })).toThrow('smtp://')
  })
})

describe('consoleNotifier', () => {
  notifierContract(async () => {
    const lines: string[] = []
    return { notifier: consoleNotifier((line) => void lines.push(line)), heard: () => lines }
  })
})
