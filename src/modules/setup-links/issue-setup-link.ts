import { actorLabel, actorUserId, type WriteContext } from '../../access'
import { normalizeEmail } from '../../kernel/email-address'
import { AppError } from '../../kernel/errors'
import { newId, toTypeId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import type { SetupIntent } from './setup-link.model'
import { insertSetupLink } from './setup-link.store'

/** A link just made; the token is shown once. */
export interface IssuedSetupLink {
  linkId: string
  /** `gsu_…` */
  token: string
}

/** What a link is made of. */
export interface SetupLinkDraft {
  intents: readonly SetupIntent[]
  /** 1..720 */
  expiresInHours: number
  firstAdminEmail: string | null
}

const LONGEST_HOURS = 720

/**
 * Writes a link in the transaction of the caller, and records it.
 * @throws REQUIRED, INVALID  per value, with path
 */
export async function issueSetupLink(
  context: WriteContext,
  organizationId: string,
  { intents, expiresInHours, firstAdminEmail }: SetupLinkDraft,
): Promise<IssuedSetupLink> {
  if (intents.length === 0) throw new AppError('REQUIRED', 'Say what the link is for.', { path: ['intents'] })
  if (expiresInHours < 1 || expiresInHours > LONGEST_HOURS)
    throw new AppError('INVALID', `A link works for 1 to ${LONGEST_HOURS} hours.`, { path: ['expiresInHours'] })
  const email = firstAdminEmail === null ? null : normalizeEmail(firstAdminEmail)
  if (firstAdminEmail !== null && !email)
    throw new AppError('INVALID', 'This is no e-mail address.', { path: ['firstAdminEmail'] })
  const linkId = newId()
  const { token, hash } = makeToken('setupLink', organizationId)
  await insertSetupLink(context.tx, organizationId, {
    id: linkId,
    tokenHash: hash,
    intents: [...new Set(intents)],
    firstAdminEmail: email,
    createdById: actorUserId(context.actor),
    createdByName: actorLabel(context.actor),
    expiresAt: new Date(Date.now() + expiresInHours * 3_600_000),
  })
  context.audit({
    action: 'setup_link.created',
    targets: [{ type: 'SetupLink', id: toTypeId('SetupLink', linkId), label: intents.join(', ') }],
    changes: [
      { field: 'intents', before: null, after: intents },
      ...(email ? [{ field: 'firstAdminEmail', before: null, after: email }] : []),
    ],
  })
  return { linkId, token }
}
