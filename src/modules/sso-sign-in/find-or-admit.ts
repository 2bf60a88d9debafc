import { SYSTEM_ROLES, type WriteContext } from '../../access'
import { emailDomain } from '../../kernel/email-address'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { findOrganizationOfDomain } from '../domains'
import { provisionMember } from '../members'
import { findRoles, type Role } from '../roles'
import { isFirstAdmin } from '../setup-links'
import { SSO_REFUSALS, type SsoProviderRow } from '../sso'
import { findMemberOfDirectory } from './directory-person.store'
import { linkIdentity } from './link-identity'
import { rightsOf } from './mapped-rights.model'
import { holdConnection, isKeptOut, type KnownIdentity, lockIdentity, putIdentity } from './sso-identity.store'
import { type ProvenSsoSignIn, type RefusedSignIn, refused } from './sso-sign-in.model'

/** Somebody who is let in. */
export interface Admitted {
  readonly kind: 'admitted'
  readonly known: KnownIdentity
  /** Has become a member by this very sign-in. */
  readonly isNew: boolean
}

/**
 * Finds the member behind a subject, or makes one where the connection lets first sign-ins do that. The subject decides,
 * and never the address: an address that another member has is refused.
 *
 * @param identity  what `lockIdentity` has found for the subject
 * @param linkMemberId  the member who has asked for the subject to be linked to them
 */
export async function findOrAdmit(
  context: WriteContext,
  provider: SsoProviderRow,
  signIn: ProvenSsoSignIn & { readonly person: { readonly subject: string } },
  { identity, linkMemberId }: { identity: KnownIdentity | null; linkMemberId: string | null },
): Promise<Admitted | RefusedSignIn> {
  const { tx, organizationId } = context
  const find = () => lockIdentity(tx, organizationId, provider.id, signIn.person.subject)
  let known = identity
  if (!known || linkMemberId) {
    await holdConnection(tx, organizationId, provider.id)
    known = await find()
  }
  if (linkMemberId) {
    const problem = await linkIdentity(context, provider, signIn, linkMemberId)
    return problem ?? admitted(await find(), false)
  }
  if (!known) return admit(context, provider, signIn, null)
  if (known.isUserDisabled) return refused('USER_DISABLED', `The operator has disabled the account of ${known.email}.`)
  if (known.status === 'SUSPENDED') return refused('SUSPENDED', `${known.email} is suspended.`)
  if (known.status === 'REMOVED') return admit(context, provider, signIn, known.userId)
  return admitted(known, false)
}

/**
 * A subject that nobody has come by yet, or only somebody who was removed and whom nothing keeps out any more: somebody
 * of the organization's directory, or a new member.
 *
 * @param userId  the user of whoever was removed; null for somebody new
 */
async function admit(
  context: WriteContext,
  provider: SsoProviderRow,
  signIn: ProvenSsoSignIn & { readonly person: { readonly subject: string } },
  userId: string | null,
): Promise<Admitted | RefusedSignIn> {
  const { tx, organizationId } = context
  const { subject, email } = signIn.person
  if (await isKeptOut(tx, organizationId, { providerId: provider.id, subject, userId }))
    return refused('REMOVED', 'The member with this subject was removed.')
  const isProven = email !== null && (await isProvenHere(context, email))
  const keys = { providerId: provider.id, subject, provenEmail: isProven ? email : null }
  const ofDirectory = await findMemberOfDirectory(tx, organizationId, keys)
  if (!ofDirectory) return provision(context, provider, signIn, isProven, userId)
  if (ofDirectory.status === 'SUSPENDED') return refused('SUSPENDED', 'The directory has suspended the member.')
  const problem = await linkIdentity(context, provider, signIn, ofDirectory.memberId)
  if (problem) return problem
  const known = await lockIdentity(tx, organizationId, provider.id, subject)
  if (known?.isUserDisabled) return refused('USER_DISABLED', 'The operator has disabled the account.')
  return admitted(known, false)
}

async function provision(
  context: WriteContext,
  provider: SsoProviderRow,
  { person, subjectFormat }: ProvenSsoSignIn & { readonly person: { readonly subject: string } },
  isProven: boolean,
  userId: string | null,
): Promise<Admitted | RefusedSignIn> {
  const { tx, organizationId } = context
  const { subject, email, name } = person
  if (!provider.justInTime) return refused('NOT_PROVISIONED', 'The connection makes no members at first sign-ins.')
  if (email === null) return refused('ADDRESS_MISSING', 'The provider sent no usable e-mail address.')
  if (!isProven && !provider.allowsOtherDomains)
    return refused('OTHER_DOMAIN', `${emailDomain(email)} is not a proven domain of the organization.`)
  const ofFirst = await firstAdminRole(context, email)
  const mapped = rightsOf(provider, person.groups ?? []).role ?? provider.defaultRole
  const role = ofFirst ?? mapped
  const made = await provisionMember(context, organizationId, {
    name,
    email,
    role,
    source: 'SSO',
    userId: userId ?? undefined,
  }).catch((error: unknown) => refusalOf(error, email))
  if ('kind' in made) return made
  const identity = {
    id: newId(),
    providerId: provider.id,
    subject,
    subjectFormat,
    givenRoleId: ofFirst ? null : mapped.id,
  }
  await putIdentity(tx, organizationId, { ...identity, memberId: made.memberId, userId: made.userId })
  return admitted(await lockIdentity(tx, organizationId, provider.id, subject), true)
}

/** The role Admin for whom a set-up link names as the first one, while the organization has none. */
async function firstAdminRole({ tx, organizationId }: WriteContext, email: string): Promise<Role | null> {
  if (!(await isFirstAdmin(tx, organizationId, email))) return null
  const roles = await findRoles(tx, organizationId, 'ORGANIZATION')
  return roles.find(({ key }) => key === SYSTEM_ROLES.ADMIN.key) ?? null
}

/** True when the organization has proven the domain of an address. */
export async function isProvenHere({ tx, organizationId }: WriteContext, email: string): Promise<boolean> {
  return (await findOrganizationOfDomain(tx, emailDomain(email))) === organizationId
}

function admitted(known: KnownIdentity | null, isNew: boolean): Admitted {
  if (!known) throw new Error('An identity that was just written is not there')
  return { kind: 'admitted', known, isNew }
}

function refusalOf(error: unknown, email: string): RefusedSignIn {
  if (error instanceof AppError && error.code === 'ALREADY_MEMBER')
    return refused('ADDRESS_IN_USE', `${email} is the address of another member.`)
  if (error instanceof AppError && error.code === 'OTHER_ORGANIZATION')
    return refused('OTHER_ORGANIZATION', SSO_REFUSALS.OTHER_ORGANIZATION.message)
  throw error
}
