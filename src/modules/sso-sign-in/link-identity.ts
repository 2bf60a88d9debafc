import type { WriteContext } from '../../access'
import { newId, toTypeId } from '../../kernel/ids'
import type { SsoProviderRow } from '../sso'
import { findMemberById, isKeptOut, lockIdentity, putIdentity } from './sso-identity.store'
import { type ProvenSsoSignIn, type RefusedSignIn, refused } from './sso-sign-in.model'

/**
 * Adds a subject to a member who has been proven some other way: by a session, or by the directory. The connection must
 * be held, so that nobody else takes the subject meanwhile.
 *
 * @returns  why not, or null
 */
export async function linkIdentity(
  context: WriteContext,
  provider: SsoProviderRow,
  { person, subjectFormat }: ProvenSsoSignIn & { readonly person: { readonly subject: string } },
  memberId: string,
): Promise<RefusedSignIn | null> {
  const { tx, organizationId } = context
  const { subject } = person
  const member = await findMemberById(tx, organizationId, memberId)
  if (!member) return refused('REMOVED', 'The member is not joined any more.')
  const known = await lockIdentity(tx, organizationId, provider.id, subject)
  if (known?.memberId === memberId) return null
  if (known && known.status !== 'REMOVED')
    return refused('IDENTITY_TAKEN', `The subject belongs to ${known.email} already.`)
  if (await isKeptOut(tx, organizationId, { providerId: provider.id, subject, userId: member.userId }))
    return refused('REMOVED', 'The person with this subject was removed.')
  const identity = { id: newId(), providerId: provider.id, subject, subjectFormat, givenRoleId: null, ...member }
  await putIdentity(tx, organizationId, identity)
  context.audit({
    action: 'member.identity.linked',
    targets: [
      { type: 'Member', id: toTypeId('Member', memberId), label: person.email ?? undefined },
      { type: 'SsoProvider', id: toTypeId('SsoProvider', provider.id), label: provider.name },
    ],
  })
  return null
}
