import { type WriteContext, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import type { Transaction } from '../../platform/database'
import { takeOverProfile } from '../members'
import { endOfSsoSession, type OpenedSession, openSsoSession } from '../sessions'
import { findSsoProvider, markCertificateUsed, type SsoProviderRow } from '../sso'
import { type Admitted, findOrAdmit, isProvenHere } from './find-or-admit'
import { changeRights, changesRights, rightsToChange } from './follow-groups'
import { insertSessionCode } from './session-code.store'
import {
  type KnownIdentity,
  lockIdentity,
  markIdentityUsed,
  refreshSealContext,
  releaseMessage,
  useMessage,
} from './sso-identity.store'
import { type ProvenSsoSignIn, type RefusedSignIn, refused } from './sso-sign-in.model'

/** A proven sign-in and what is wanted of it. */
export interface SignInWithSsoIdentity extends ProvenSsoSignIn {
  /** The member to link the identity to; null for a plain sign-in. */
  readonly linkMemberId: string | null
  /** A frontend on another origin, which gets a code instead of the session; null for the browser itself. */
  readonly app: { readonly returnUrl: string; readonly challenge: string } | null
}

/** What a sign-in has come to. */
export type SsoSignInOutcome =
  | { readonly kind: 'signed-in'; readonly session: OpenedSession }
  | { readonly kind: 'code'; readonly code: string }
  /** Linked, where members do not come by SSO yet. */
  | { readonly kind: 'linked' }
  /** Nothing was changed: the member's rights would change, which needs {@link signInChangingRights}. */
  | { readonly kind: 'changes-rights' }
  | RefusedSignIn

const definition = {
  requires: 'anyone',
  organization: (input: SignInWithSsoIdentity) => input.organizationId,
  ahead: findConnectionAndIdentity,
} as const

/** The connection of a sign-in, and whoever has come by it with this subject before. */
type Found = readonly [SsoProviderRow | null, KnownIdentity | null]

function findConnectionAndIdentity(
  tx: Transaction,
  { organizationId, providerId, person: { subject } }: SignInWithSsoIdentity,
): Promise<Found> {
  return Promise.all([
    findSsoProvider(tx, organizationId, providerId),
    subject === null ? null : lockIdentity(tx, organizationId, providerId, subject),
  ])
}

/**
 * Signs in whom a company's provider has proven, and decides alone whether that makes somebody a member: links, admits
 * or refuses (docs/adr/0014-single-sign-on.md). The person is (connection, subject); the organization is that of the connection.
 * A refusal changes nothing.
 */
export const signInWithSsoIdentity = writeUseCase({
  ...definition,
  name: 'signInWithSsoIdentity',
  locks: 'share',
  run: (context, input, _object, found): Promise<SsoSignInOutcome> => signIn(context, input, found, false),
})

/** The same for a sign-in that changes what the member holds, which nobody may do beside others. */
export const signInChangingRights = writeUseCase({
  ...definition,
  name: 'signInChangingRights',
  locks: 'update',
  run: (context, input, _object, found): Promise<SsoSignInOutcome> => signIn(context, input, found, true),
})

async function signIn(
  context: WriteContext,
  input: SignInWithSsoIdentity,
  [provider, identity]: Found,
  mayChangeRights: boolean,
): Promise<SsoSignInOutcome> {
  const { tx, organizationId } = context
  const { person, message, linkMemberId } = input
  if (!provider || !isUsable(provider, linkMemberId)) return refused('NOT_IN_USE', 'The connection is not active.')
  if (person.subject === null) return refused('SUBJECT_MISSING', 'The provider sent no subject that lasts.')
  if (input.subjectFormat?.endsWith(':transient') && provider.subjectSource === null)
    return refused('SUBJECT_MISSING', 'The Name ID is transient: it is another one at each sign-in.')
  if (message && !(await useMessage(tx, organizationId, provider.id, message)))
    return refused('REPLAYED', 'The assertion was used before.')
  const proven = { ...input, person: { ...person, subject: person.subject } }
  const outcome = await findOrAdmit(context, provider, proven, { identity, linkMemberId })
  if (outcome.kind === 'refused') return outcome
  const change = await rightsToChange(context, provider, outcome.known, person.groups)
  if (changesRights(change) && !mayChangeRights && !outcome.isNew) {
    if (message) await releaseMessage(tx, organizationId, provider.id, message.id)
    return { kind: 'changes-rights' }
  }
  await changeRights(context, outcome.known, change)
  // What does not wait for each other leaves together.
  const [, entered] = await Promise.all([
    follow(context, provider, input, outcome, change),
    enter(context, provider, input, outcome.known),
  ])
  return entered
}

async function enter(
  context: WriteContext,
  provider: SsoProviderRow,
  input: SignInWithSsoIdentity,
  known: KnownIdentity,
): Promise<SsoSignInOutcome> {
  if (provider.status !== 'ACTIVE') return { kind: 'linked' }
  return input.app ? handOver(context, provider, input, known) : open(context, provider, input, known)
}

// Before the membership mode is switched, members link a connection that is tested and not yet in use.
function isUsable({ status }: SsoProviderRow, linkMemberId: string | null): boolean {
  return status === 'ACTIVE' || (status === 'TESTED' && linkMemberId !== null)
}

/** Takes over what the provider says of the person, and notes that connection, identity and certificate were used. */
async function follow(
  context: WriteContext,
  provider: SsoProviderRow,
  { person, certificateFingerprint, refreshToken }: SignInWithSsoIdentity,
  { known, isNew }: Admitted,
  change: { role: { id: string } | null; givenTeamIds: readonly string[] },
): Promise<void> {
  const { tx, organizationId, sealer } = context
  const { email, name, avatarUrl } = person
  // Whom a directory keeps, it keeps up to date.
  if (!known.isOfDirectory) {
    const isTaken = email !== null && email !== known.email && !isNew && !(await mayTakeOver(context, provider, email))
    const profile = { name, avatarUrl, email: isTaken ? null : email }
    await takeOverProfile(context, organizationId, { ...known, id: known.memberId }, profile)
  }
  const marked = markIdentityUsed(tx, organizationId, {
    id: known.id,
    providerId: provider.id,
    email,
    name,
    sealedRefresh:
      provider.rechecksAccess && refreshToken
        ? sealer.seal(refreshToken, refreshSealContext(organizationId, known.id))
        : null,
    givenRoleId: change.role?.id ?? known.givenRoleId,
    givenTeamIds: change.givenTeamIds,
  })
  const proven = certificateFingerprint
    ? markCertificateUsed(tx, organizationId, provider.id, certificateFingerprint)
    : null
  await Promise.all([marked, proven])
}

async function mayTakeOver(context: WriteContext, provider: SsoProviderRow, email: string): Promise<boolean> {
  return provider.allowsOtherDomains || isProvenHere(context, email)
}

async function open(
  context: WriteContext,
  provider: SsoProviderRow,
  { idpSession, authenticatedAt, sessionEnd, idToken }: SignInWithSsoIdentity,
  known: KnownIdentity,
): Promise<SsoSignInOutcome> {
  const session = await openSsoSession(context, {
    organizationId: context.organizationId,
    memberId: known.memberId,
    memberEpoch: known.epoch,
    userId: known.userId,
    ssoProviderId: provider.id,
    ssoIdentityId: known.id,
    idpSession,
    authenticatedAt,
    expiresAt: endOfSsoSession(provider.sessionLifetimeMinutes, sessionEnd),
    idToken,
  })
  auditSignIn(context, 'session.opened', provider, known)
  return { kind: 'signed-in', session }
}

/** Gives a code of a minute for the session, which the frontend that has begun exchanges for it. */
async function handOver(
  context: WriteContext,
  provider: SsoProviderRow,
  { app, idpSession, authenticatedAt, sessionEnd }: SignInWithSsoIdentity,
  known: KnownIdentity,
): Promise<SsoSignInOutcome> {
  const { token: code, hash: codeHash } = makeToken('sessionCode', context.organizationId)
  await insertSessionCode(context.tx, context.organizationId, {
    ...app!,
    codeHash,
    memberId: known.memberId,
    ssoIdentityId: known.id,
    limits: {
      memberEpoch: known.epoch,
      userId: known.userId,
      ssoProviderId: provider.id,
      idpSession,
      authenticatedAt: authenticatedAt.toISOString(),
      expiresAt: endOfSsoSession(provider.sessionLifetimeMinutes, sessionEnd).toISOString(),
    },
  })
  auditSignIn(context, 'session.code_issued', provider, known)
  return { kind: 'code', code }
}

function auditSignIn(context: WriteContext, action: string, provider: SsoProviderRow, known: KnownIdentity): void {
  context.audit({
    action,
    targets: [
      { type: 'Member', id: toTypeId('Member', known.memberId), label: known.name || known.email },
      { type: 'SsoProvider', id: toTypeId('SsoProvider', provider.id), label: provider.name },
    ],
  })
}
