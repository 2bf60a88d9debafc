import type { FastifyInstance, FastifyReply } from 'fastify'
import { renderMailboxPage, renderMessagePage } from '../sign-in/pages'
import type { DevelopmentMailbox, KeptMail } from './mailbox'

// The frame that shows a mail inherits the policy of its page, and mails carry their styles inline.
const POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data: https:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
const LIST = '/dev/mailbox'

/** Serves `/dev/mailbox`: what a development process would have mailed. */
export async function mailboxRoutes(app: FastifyInstance, { mailbox }: { mailbox: DevelopmentMailbox }): Promise<void> {
  app.get(LIST, async (_request, reply) => {
    const mails = mailbox.list().map((mail) => ({ ...entryOf(mail), url: `${LIST}/${mail.id}` }))
    return answer(reply, renderMailboxPage({ mails, opened: null }))
  })
  app.get<{ Params: { id: string } }>(`${LIST}/:id`, async (request, reply) => {
    const mail = mailbox.get(request.params.id)
    if (mail) return answer(reply, renderMailboxPage({ mails: [], opened: { ...entryOf(mail), ...mail } }))
    const missing = {
      title: 'Not found',
      whatHappened: 'This mail is no longer kept: the mailbox is empty after a restart.',
      whatNext: 'Look into the list for a newer one.',
      action: { label: 'All mails', url: LIST },
    }
    return answer(reply.code(404), renderMessagePage(missing))
  })
}

function entryOf({ to, subject, keptAt }: KeptMail) {
  return { to, subject, sentAt: keptAt }
}

function answer(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .headers({ 'content-security-policy': POLICY, 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(page)
}
