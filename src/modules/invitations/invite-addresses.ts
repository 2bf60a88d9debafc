import { actorLabel, actorUserId, decide, type WriteContext } from '../../access'
import { newId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import { replaceTeamsOfMembers } from '../teams'
import type { ListedAddress } from './address-list.model'
import { type CheckedInvitationDraft, type InvitationOutcome, isDomainAllowed } from './invitation.model'
import type { InvitationRow } from './invitation.store'
import { invitationAudit, sendLetter } from './invitation-letter'
import {
  findStandingMembers,
  type InvitationLetterFacts,
  type InvitedAddress,
  type PlacedInvitation,
  placeInvitations,
  replaceGrants,
  type StandingMember,
  updateInvitedRole,
} from './invite.store'
import { inviteLockedOut } from './invite-locked-out.store'
import { type Offer, readOffer, teamChanges } from './offer'

/** What became of one address of the list. */
export interface InvitationResult extends ListedAddress {
  outcome: InvitationOutcome
  /** The invitation just written; null when it has to be looked up, or there is none. */
  invitation: InvitationRow | null
  /** UUID of the invitation that waits for an answer; null when there is none. */
  invitationId: string | null
  /** UUID of the member with this address; null when there is none. */
  memberId: string | null
}

const IS_BACK = { field: 'status', before: 'SUSPENDED', after: 'INVITED' }

type Candidate = InvitedAddress & { token: string }

/**
 * Invites addresses in the transaction of the caller: members, invitations, prepared grants, letters, audit, counters.
 * @throws NOT_FOUND, FORBIDDEN  see `readOffer`
 */
export async function inviteAddresses(
  context: WriteContext,
  organization: { id: string; name: string },
  draft: CheckedInvitationDraft,
): Promise<InvitationResult[]> {
  const { tx, actor } = context
  const offer = await readOffer(context, organization.id, draft)
  const facts: InvitationLetterFacts = {
    roleId: offer.role.id,
    roleName: offer.role.name,
    lifetimeDays: draft.expiresInDays ?? offer.lifetimeDays,
    message: draft.message,
    invitedById: actorUserId(actor),
    invitedByName: actorLabel(actor),
    sendEmail: draft.sendEmail,
  }
  const candidates = candidatesOf(draft.addresses, organization.id, offer.domains)
  const isNew = candidates.size > 0 ? await placeInvitations(tx, organization.id, [...candidates.values()], facts) : []
  const isBack = await inviteBack(context, organization.id, { candidates, placed: isNew, facts })
  const placed = [...isNew, ...isBack]
  await prepareAccess(context, organization.id, placed, draft, offer)
  for (const invitation of placed) {
    const action = invitation.isRenewed ? 'invitation.renewed' : 'invitation.sent'
    const changes = isBack.includes(invitation) ? [...teamChanges(offer), IS_BACK] : teamChanges(offer)
    context.audit(invitationAudit(action, invitation, changes))
    if (draft.sendEmail)
      sendLetter(
        context,
        {
          invitationId: invitation.id,
          email: invitation.email,
          organizationName: organization.name,
          invitedByName: facts.invitedByName,
          roleName: facts.roleName,
          message: facts.message,
          expiresAt: invitation.expiresAt,
        },
        candidates.get(invitation.email)!.token,
      )
  }
  context.count({
    invited: placed.filter((invitation) => !invitation.isRenewed).length,
    suspended: -isBack.length,
  })
  return resultsOf(context, organization.id, { draft, offer, facts, candidates, placed })
}

function candidatesOf(
  addresses: readonly ListedAddress[],
  organizationId: string,
  domains: readonly string[],
): Map<string, Candidate> {
  const candidates = new Map<string, Candidate>()
  for (const { email } of addresses) {
    if (!email || !isDomainAllowed(email, domains)) continue
    const { token, hash } = makeToken('invitation', organizationId)
    candidates.set(email, { email, memberId: newId(), invitationId: newId(), tokenHash: hash, token })
  }
  return candidates
}

/** Whom a switch has locked out is invited by those who might give access back: teams and grants are still there. */
async function inviteBack(
  { tx, actor }: WriteContext,
  organizationId: string,
  call: {
    candidates: ReadonlyMap<string, Candidate>
    placed: readonly PlacedInvitation[]
    facts: InvitationLetterFacts
  },
): Promise<PlacedInvitation[]> {
  const placed = new Set(call.placed.map(({ email }) => email))
  const others = [...call.candidates.values()].filter(({ email }) => !placed.has(email))
  if (others.length === 0 || decide(actor, 'member.suspend', { organizationId }) !== 'allowed') return []
  return inviteLockedOut(tx, organizationId, others, call.facts)
}

/** A renewed invitation offers what this call says, not what the expired one had said. */
async function prepareAccess(
  { tx, actor }: WriteContext,
  organizationId: string,
  placed: readonly PlacedInvitation[],
  draft: CheckedInvitationDraft,
  offer: Offer,
): Promise<void> {
  const renewed = placed.filter((invitation) => invitation.isRenewed).map((invitation) => invitation.memberId)
  if (renewed.length > 0) await updateInvitedRole(tx, organizationId, renewed, offer.role)
  const all = placed.map((invitation) => invitation.memberId)
  const granted = draft.projectGrants.length > 0 ? all : renewed
  const grantedBy = { id: actorUserId(actor), name: actorLabel(actor) }
  if (granted.length > 0) await replaceGrants(tx, organizationId, granted, draft.projectGrants, grantedBy)
  const inTeams = draft.teamIds.length > 0 ? all : renewed
  if (inTeams.length > 0) await replaceTeamsOfMembers(tx, organizationId, inTeams, draft.teamIds)
}

async function resultsOf(
  { tx }: WriteContext,
  organizationId: string,
  call: {
    draft: CheckedInvitationDraft
    offer: Offer
    facts: InvitationLetterFacts
    candidates: ReadonlyMap<string, Candidate>
    placed: readonly PlacedInvitation[]
  },
): Promise<InvitationResult[]> {
  const placed = new Map(call.placed.map((invitation) => [invitation.email, invitation]))
  const others = [...call.candidates.keys()].filter((email) => !placed.has(email))
  const standing = others.length > 0 ? await findStandingMembers(tx, organizationId, others) : new Map()
  return call.draft.addresses.map((address) => {
    const invitation = address.email ? placed.get(address.email) : undefined
    if (!invitation) return { ...address, ...refusalOf(address, call.candidates, standing), invitation: null }
    return {
      ...address,
      outcome: invitation.isRenewed ? 'RENEWED' : 'SENT',
      invitation: rowOf(invitation, call.offer, call.facts),
      invitationId: invitation.id,
      memberId: invitation.memberId,
    }
  })
}

function refusalOf(
  { email }: ListedAddress,
  candidates: ReadonlyMap<string, Candidate>,
  standing: ReadonlyMap<string, StandingMember>,
): Pick<InvitationResult, 'outcome' | 'invitationId' | 'memberId'> {
  if (!email) return { outcome: 'INVALID', invitationId: null, memberId: null }
  if (!candidates.has(email)) return { outcome: 'DOMAIN_NOT_ALLOWED', invitationId: null, memberId: null }
  const member = standing.get(email)
  const outcome = member && member.status !== 'INVITED' ? 'ALREADY_MEMBER' : 'ALREADY_INVITED'
  return { outcome, invitationId: member?.invitationId ?? null, memberId: member?.memberId ?? null }
}

function rowOf(invitation: PlacedInvitation, { role }: Offer, facts: InvitationLetterFacts): InvitationRow {
  const { id, memberId, email, sendCount, lastSentAt, createdAt, expiresAt } = invitation
  return {
    id,
    memberId,
    email,
    status: 'PENDING',
    roleId: role.id,
    roleKey: role.key,
    roleName: role.name,
    message: facts.message,
    invitedByName: facts.invitedByName,
    sendEmail: facts.sendEmail,
    sendCount,
    lastSentAt,
    deliveryError: null,
    createdAt,
    expiresAt,
  }
}
