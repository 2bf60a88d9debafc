import type { Logger } from 'pino'
import type { Spine } from '../access'
import { watchKeys } from '../modules/api-keys'
import { sealAudit } from '../modules/audit'
import { watchScimTokens } from '../modules/directories'
import { recheckDomains } from '../modules/domains'
import { settleSwitches } from '../modules/membership-mode'
import { purgeDueOrganizations } from '../modules/organizations'
import { measureBacklog, OutboxDelivery } from '../modules/outbox'
import { watchConnections } from '../modules/sso'
import { recheckAccess } from '../modules/sso-sign-in'
import { keepKeys } from '../modules/tokens'
import type { Config } from '../platform/config'
import { createMailer, MAIL_CONNECTIONS } from '../platform/mailer'
import type { Outside } from '../platform/outside'
import { MAIL_KINDS, mailHandlers, type SendMail, URGENT_MAIL_KINDS } from './mail-kinds'
import { repeat } from './repeat'
import { sweepExpired } from './sweep'

export interface WorkerOptions {
  readonly spine: Spine
  /** For what name servers say. */
  readonly outside: Outside
  readonly config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'publicUrl'>
  readonly logger: Pick<Logger, 'error' | 'warn'>
  /** Takes the mails where no SMTP_URL is set: the mailbox page of development. Without either, mails wait. */
  readonly developmentMailbox?: SendMail
}

/** Everything that happens without a caller. Any number of processes may run one. */
export interface Worker {
  /** Looks for messages at once: for whoever has just committed some. */
  wake(): void
  /** Finishes what has begun, within about 10 seconds; the rest is done by the next worker. */
  stop(): Promise<void>
}

const URGENT_CONNECTIONS = 2
const SECOND = 1000
const OVERDUE_SECONDS = 300

/** Starts to deliver messages, seal the audit log and sweep. */
export function startWorker({ spine, outside, config, logger, developmentMailbox }: WorkerOptions): Worker {
  const { database, sealer } = spine
  const logError = (error: unknown, what: string): void => logger.error({ err: error }, what)
  const mailer = config.smtpUrl ? createMailer(config.smtpUrl, config.mailFrom) : null
  const send: SendMail | undefined = mailer ? (mail) => mailer.send(mail) : developmentMailbox
  const lane = (kinds: Parameters<typeof mailHandlers>[0], concurrency: number) => {
    const handlers = send ? mailHandlers(kinds, { publicUrl: config.publicUrl, send }) : new Map()
    return new OutboxDelivery({ database, sealer, handlers, concurrency, logError })
  }
  const lanes = [lane(URGENT_MAIL_KINDS, URGENT_CONNECTIONS), lane(MAIL_KINDS, MAIL_CONNECTIONS - URGENT_CONNECTIONS)]
  for (const delivery of lanes) delivery.start()

  const warnOfBacklog = async (): Promise<void> => {
    const { waiting, oldestSeconds } = await database.write({ kind: 'installation' }, measureBacklog)
    if (oldestSeconds < OVERDUE_SECONDS) return
    const reason = send
      ? 'messages wait longer than they should'
      : 'messages wait: set SMTP_URL, so that mail can leave'
    logger.warn({ waiting, oldestSeconds: Math.round(oldestSeconds) }, reason)
  }
  const jobs = [
    { name: 'audit sealer', pauseMilliseconds: SECOND, run: () => sealAudit(database) },
    { name: 'purge', pauseMilliseconds: 60 * SECOND, run: () => purgeDueOrganizations(spine) },
    { name: 'sweeper', pauseMilliseconds: 600 * SECOND, run: () => sweepExpired(database) },
    { name: 'membership mode', pauseMilliseconds: 60 * SECOND, run: () => settleSwitches(spine) },
    { name: 'domain check', pauseMilliseconds: 3600 * SECOND, run: () => recheckDomains(spine, outside) },
    { name: 'access check', pauseMilliseconds: 60 * SECOND, run: () => recheckAccess(spine, outside) },
    { name: 'connection watch', pauseMilliseconds: 3600 * SECOND, run: () => watchConnections(spine) },
    { name: 'signing keys', pauseMilliseconds: 600 * SECOND, run: () => keepKeys(spine) },
    { name: 'key watch', pauseMilliseconds: 3600 * SECOND, run: () => watchKeys(spine) },
    { name: 'directory watch', pauseMilliseconds: 3600 * SECOND, run: () => watchScimTokens(spine) },
    { name: 'backlog watch', pauseMilliseconds: 60 * SECOND, run: warnOfBacklog },
  ].map((job) => repeat(job, logError))

  return {
    wake: () => lanes.forEach((delivery) => delivery.wake()),
    async stop() {
      await Promise.all([...lanes.map((delivery) => delivery.stop()), ...jobs.map((job) => job.stop())])
      mailer?.close()
    },
  }
}
