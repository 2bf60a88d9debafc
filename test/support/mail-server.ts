import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** A mail as it arrived. */
export interface ReceivedMail {
  /** The recipient of the envelope. */
  to: string
  mail: ParsedMail
}

/** A real SMTP server on loopback that keeps what it gets. */
export interface MailServer {
  /** `smtp://…` */
  readonly url: string
  readonly port: number
  /** Everything accepted so far, in the order of arrival. */
  readonly mails: ReceivedMail[]
  /** Resolves with the first mail to an address, at once when it has arrived already. Rejects after `seconds`. */
  waitFor(to: string, seconds?: number): Promise<ReceivedMail>
  /** Answers the next `n` recipients with this code instead of taking the mail. */
  failNext(n: number, code: number): void
  /** Answers an address with this code, always. */
  refuse(to: string, code: number): void
  /** Never answers for an address: the mail that goes there hangs. */
  hang(to: string): void
  close(): Promise<void>
}

/** Starts one. @param port  0 takes any free port */
export async function startMailServer(port = 0): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const refused = new Map<string, number>()
  const hanging = new Set<string>()
  const listeners = new Set<() => void>()
  let failing = { left: 0, code: 0 }

  const refusalFor = (to: string): number | undefined => {
    if (failing.left > 0) {
      failing = { ...failing, left: failing.left - 1 }
      return failing.code
    }
    return refused.get(to)
  }
  const accept = async (
    stream: Readable,
    recipients: readonly { address: string }[],
    answer: () => void,
  ): Promise<void> => {
    const mail = await simpleParser(stream).catch(() => null)
    // The client died in the middle of it: nothing was taken, and nobody is there to be told.
    if (!mail) return
    for (const { address } of recipients) mails.push({ to: address, mail })
    for (const listener of listeners) listener()
    answer()
  }
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    closeTimeout: 500,
    onRcptTo({ address }, _session, callback) {
      const code = refusalFor(address)
      if (hanging.has(address)) return
      callback(code ? Object.assign(new Error(`${address} answers ${code}`), { responseCode: code }) : null)
    },
    onData(stream, session, callback) {
      void accept(stream, session.envelope.rcptTo, callback)
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: boundPort } = server.server.address() as AddressInfo

  return {
    url: `smtp://127.0.0.1:${boundPort}`,
    port: boundPort,
    mails,
    failNext: (left, code) => void (failing = { left, code }),
    refuse: (to, code) => void refused.set(to, code),
    hang: (to) => void hanging.add(to),
    waitFor: (to, seconds = 10) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => settle(new Error(`No mail to ${to} within ${seconds} s`)), seconds * 1000)
        const look = (): void => {
          const found = mails.find((mail) => mail.to === to)
          if (found) settle(found)
        }
        const settle = (outcome: ReceivedMail | Error): void => {
          clearTimeout(timer)
          listeners.delete(look)
          if (outcome instanceof Error) reject(outcome)
          else resolve(outcome)
        }
        listeners.add(look)
        look()
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
