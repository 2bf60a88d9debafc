import { z } from 'zod'
import { signInCodeMail } from '../modules/accounts'
import { expiringKeyMail, leakedKeyMail, needsKeeper } from '../modules/api-keys'
import { adminlessMail, scimTokenExpiringMail } from '../modules/directories'
import { invitationMail, isLinkOfInvitation, recordDelivery } from '../modules/invitations'
import { joinRequestDecidedMail, joinRequestMail } from '../modules/join-requests'
import { newAdminMail } from '../modules/members'
import { linkSignInMail, membershipModeMail } from '../modules/membership-mode'
import { deletionScheduledMail } from '../modules/organizations'
import { type Message, type MessageHandler, UndeliverableError } from '../modules/outbox'
import { ownSignInMail } from '../modules/own-sign-in'
import { breakGlassMail } from '../modules/recovery-codes'
import { certificateExpiringMail } from '../modules/sso'
import type { Transaction } from '../platform/database'
import type { Mail } from '../platform/mail-layout'
import { MailRefused, type OutgoingMail } from '../platform/mailer'

/** Hands one mail on. @throws MailRefused  when another attempt cannot succeed */
export type SendMail = (mail: OutgoingMail) => Promise<void>

/** One kind of mail: how its message reads, and who is told of the outcome. */
export interface MailKind {
  render(message: Message, publicUrl: string): Mail
  isCurrent?(tx: Transaction, message: Message): Promise<boolean>
  settle?(tx: Transaction, message: Message, error: string | null): Promise<void>
}

const INVITATION = z.object({
  invitationId: z.uuid(),
  organizationName: z.string(),
  invitedByName: z.string(),
  roleName: z.string(),
  message: z.string().nullish(),
  expiresAt: z.coerce.date(),
})
const NEW_ADMIN = z.object({
  organizationName: z.string(),
  adminName: z.string(),
  adminEmail: z.string(),
  changedByName: z.string(),
})

const CERTIFICATE_EXPIRING = z.object({
  organizationName: z.string(),
  providerName: z.string(),
  subject: z.string(),
  fingerprint: z.string(),
  notAfter: z.coerce.date(),
})

const ADMINLESS = z.object({
  organizationName: z.string(),
  memberName: z.string(),
  directoryName: z.string(),
})

const SCIM_TOKEN_EXPIRING = z.object({
  organizationName: z.string(),
  directoryName: z.string(),
  preview: z.string(),
  expiresAt: z.coerce.date(),
})

const DELETION_SCHEDULED = z.object({
  organizationName: z.string(),
  requestedByName: z.string(),
  cancelUntil: z.coerce.date(),
})

const MEMBERSHIP_MODE = z.object({
  organizationName: z.string(),
  changedByName: z.string(),
  to: z.enum(['INVITATION', 'SSO']),
  isRevert: z.boolean(),
  graceEndsAt: z.coerce.date().nullable(),
  suspended: z.number(),
})

const LINK_SIGN_IN = z.object({ organizationName: z.string(), slug: z.string(), graceEndsAt: z.coerce.date() })

const JOIN_REQUEST = z.object({
  organizationName: z.string(),
  slug: z.string(),
  name: z.string(),
  email: z.string(),
  message: z.string().nullable(),
})

const JOIN_REQUEST_DECIDED = z.object({ organizationName: z.string(), isApproved: z.boolean() })

const BREAK_GLASS = z.object({
  organizationName: z.string(),
  event: z.enum(['ISSUED', 'USED']),
  adminName: z.string(),
  codesLeft: z.number(),
  ip: z.string().nullable(),
})

const OWN_SIGN_IN = z.object({ organizationName: z.string(), ip: z.string().nullable() })

const API_KEY_LEAKED = z.object({
  organizationName: z.string(),
  keyName: z.string(),
  preview: z.string(),
  ownerName: z.string(),
})

const API_KEY_EXPIRING = API_KEY_LEAKED.extend({
  apiKeyId: z.uuid(),
  expiresAt: z.coerce.date(),
  // Not coerced from null, which would be 1970.
  lastUsedAt: z.union([z.null(), z.coerce.date()]),
})

/** Mails that a person is waiting for at this moment: they do not queue behind a thousand invitations. */
export const URGENT_MAIL_KINDS: Readonly<Record<string, MailKind>> = {
  'mail.sign-in-code': mailKind(z.object({ minutes: z.number().positive() }), {
    render({ minutes }, message) {
      if (Date.now() > message.createdAt.getTime() + minutes * 60_000)
        throw new UndeliverableError('The code is too old.')
      return signInCodeMail({ code: secretOf(message), minutes })
    },
  }),
}

/** All other mails, by the kind under which use cases send them. */
export const MAIL_KINDS: Readonly<Record<string, MailKind>> = {
  'mail.invitation': mailKind(INVITATION, {
    render(invitation, message, publicUrl) {
      if (Date.now() > invitation.expiresAt.getTime()) throw new UndeliverableError('The invitation has expired.')
      return invitationMail({ ...invitation, url: `${publicUrl}/invitations/${secretOf(message)}` })
    },
    isCurrent: (tx, message, { invitationId }) =>
      isLinkOfInvitation(tx, message.organizationId, invitationId, secretOf(message)),
    settle: (tx, { organizationId }, { invitationId }, error) =>
      recordDelivery(tx, organizationId, invitationId, error),
  }),
  'mail.deletion-scheduled': mailKind(DELETION_SCHEDULED, {
    render: (payload, _message, publicUrl) => deletionScheduledMail({ ...payload, url: `${publicUrl}/` }),
  }),
  'mail.api-key-leaked': mailKind(API_KEY_LEAKED, { render: (payload) => leakedKeyMail(payload) }),
  'mail.api-key-expiring': mailKind(API_KEY_EXPIRING, {
    render: (payload) => expiringKeyMail(payload),
    isCurrent: (tx, { organizationId }, { apiKeyId }) => needsKeeper(tx, organizationId, apiKeyId),
  }),
  'mail.certificate-expiring': mailKind(CERTIFICATE_EXPIRING, {
    render: (payload) => certificateExpiringMail(payload),
  }),
  'mail.membership-mode': mailKind(MEMBERSHIP_MODE, { render: (payload) => membershipModeMail(payload) }),
  'mail.link-sign-in': mailKind(LINK_SIGN_IN, {
    render: ({ slug, ...payload }, _message, publicUrl) =>
      linkSignInMail({ ...payload, url: `${publicUrl}/organizations/${slug}/enter` }),
  }),
  'mail.join-request': mailKind(JOIN_REQUEST, {
    render: ({ slug, ...payload }, _message, publicUrl) =>
      joinRequestMail({ ...payload, url: `${publicUrl}/organizations/${slug}` }),
  }),
  'mail.join-request-decided': mailKind(JOIN_REQUEST_DECIDED, {
    render: (payload, _message, publicUrl) => joinRequestDecidedMail({ ...payload, url: `${publicUrl}/` }),
  }),
  'mail.break-glass': mailKind(BREAK_GLASS, { render: (payload) => breakGlassMail(payload) }),
  'mail.own-sign-in': mailKind(OWN_SIGN_IN, { render: (payload) => ownSignInMail(payload) }),
  'mail.adminless': mailKind(ADMINLESS, { render: (payload) => adminlessMail(payload) }),
  'mail.scim-token-expiring': mailKind(SCIM_TOKEN_EXPIRING, { render: (payload) => scimTokenExpiringMail(payload) }),
  'mail.new-admin': mailKind(NEW_ADMIN, { render: (payload) => newAdminMail(payload) }),
}

/**
 * The handlers that turn messages into mails.
 *
 * @param mails.publicUrl  origin of the links in them; its host also names the Message-ID
 */
export function mailHandlers(
  kinds: Readonly<Record<string, MailKind>>,
  mails: { publicUrl: string; send: SendMail },
): ReadonlyMap<string, MessageHandler> {
  return new Map(Object.entries(kinds).map(([name, kind]) => [name, mailHandler(kind, mails)]))
}

function mailHandler(kind: MailKind, mails: { publicUrl: string; send: SendMail }): MessageHandler {
  const { hostname } = new URL(mails.publicUrl)
  return {
    async deliver(message) {
      const mail = kind.render(message, mails.publicUrl)
      // Named after the row: whoever gets a mail twice, because we died between sending and noting it, can tell.
      const messageId = `<${message.id}@${hostname}>`
      await mails.send({ ...mail, to: message.destination, messageId }).catch((error: unknown) => {
        throw error instanceof MailRefused ? new UndeliverableError(error.message) : error
      })
    },
    ...(kind.isCurrent && { isCurrent: (tx, message) => kind.isCurrent!(tx, message) }),
    settle: async (tx, message, error) => kind.settle?.(tx, message, error),
  }
}

/** Reads the payload before the kind sees it, so that each row is checked against what its kind expects. */
function mailKind<Payload>(
  schema: z.ZodType<Payload>,
  kind: {
    render(payload: Payload, message: Message, publicUrl: string): Mail
    isCurrent?(tx: Transaction, message: Message, payload: Payload): Promise<boolean>
    settle?(tx: Transaction, message: Message, payload: Payload, error: string | null): Promise<void>
  },
): MailKind {
  const read = ({ payload }: Message): Payload => {
    const result = schema.safeParse(payload)
    if (result.success) return result.data
    throw new UndeliverableError('The message was written by another version and cannot be read.')
  }
  return {
    render: (message, publicUrl) => kind.render(read(message), message, publicUrl),
    ...(kind.isCurrent && { isCurrent: async (tx, message) => kind.isCurrent!(tx, message, read(message)) }),
    settle: async (tx, message, error) => kind.settle?.(tx, message, read(message), error),
  }
}

function secretOf({ secret }: Message): string {
  if (secret === null) throw new UndeliverableError('The message has lost its secret.')
  return secret
}
