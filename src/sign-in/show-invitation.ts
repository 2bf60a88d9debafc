import type { FastifyReply } from 'fastify'
import { notFound } from '../access'
import { AppError } from '../kernel/errors'
import { fromTypeId } from '../kernel/ids'
import {
  acceptInvitation,
  declineInvitation,
  type InvitationAnswer,
  listMyInvitations,
  previewInvitation,
  type ReceivedInvitation,
} from '../modules/invitations'
import { getViewer, type ViewerView } from '../modules/viewer'
import { ACCOUNT_SIDE } from './account-side'
import { type InvitationLetter, type InvitationPageProps, renderInvitationPage } from './pages'
import type { Visit } from './visit'

/** `GET /invitations/{token}`: what the link means for whoever opened it. Opening changes nothing. */
export async function showInvitation(visit: Visit): Promise<FastifyReply> {
  return showLetter(visit)
}

/** `POST /invitations/{token}/accept`: joins, and goes on in the organization. */
export async function acceptOnPage(visit: Visit): Promise<FastifyReply> {
  try {
    const { session } = await visit.runOnAccountSide(acceptInvitation, await answerOf(visit))
    visit.continueWith({ organization: session })
  } catch (error) {
    // The page says in full what stands in the way: another account, another organization, too late.
    if (error instanceof AppError && error.code !== 'UNAVAILABLE') return showLetter(visit, error)
    throw error
  }
  return visit.goTo('/?notice=joined')
}

/** `POST /invitations/{token}/decline`. */
export async function declineOnPage(visit: Visit): Promise<FastifyReply> {
  const viewer = await viewerOf(visit)
  await visit.runOnAccountSide(declineInvitation, await answerOf(visit))
  if (viewer) return visit.goTo('/?notice=declined')
  return showLetter(visit)
}

/** The link's token, or on the home page the id of an invitation of the own list. */
async function answerOf(visit: Visit): Promise<InvitationAnswer> {
  const token = visit.pathPart('token')
  const invitationId = fromTypeId('Invitation', token)
  if (!invitationId) return { token }
  const mine = await visit.runOnAccountSide(listMyInvitations, {})
  const invitation = mine.find(({ id }) => id === invitationId)
  if (!invitation) throw notFound('The invitation')
  return { invitationId, organizationId: invitation.organizationId }
}

async function showLetter(visit: Visit, refusal?: AppError): Promise<FastifyReply> {
  const token = visit.pathPart('token')
  if (fromTypeId('Invitation', token)) {
    if (refusal) throw refusal
    return visit.goTo('/')
  }
  const invitation = await visit.runOnAccountSide(previewInvitation, { token })
  const props = await pageFor(visit, token, invitation, refusal)
  return visit.html(renderInvitationPage(props), 'letter' in props ? 200 : 410)
}

async function pageFor(
  visit: Visit,
  token: string,
  invitation: ReceivedInvitation | null,
  refusal?: AppError,
): Promise<InvitationPageProps> {
  const viewer = await viewerOf(visit)
  const signedInAs = viewer && (viewer.user.name || viewer.user.email)
  const organizationName = invitation?.organizationName ?? null
  if (!invitation) return { state: 'unknown', organizationName, signedInAs }
  const isModeClosed = invitation.isModeClosed && invitation.status === 'REVOKED'
  if (isModeClosed || refusal?.code === 'MEMBERSHIP_MODE') return { state: 'mode-closed', organizationName, signedInAs }
  if (invitation.status !== 'PENDING') return { state: closedState(invitation.status), organizationName, signedInAs }
  const letter = letterOf(token, invitation)
  if (!viewer || !signedInAs) return { state: 'signed-out', letter }
  const csrfToken = visit.formToken()
  const isMember = viewer.memberships.some((each) => each.organizationId === invitation.organizationId)
  if (isMember || refusal?.code === 'ALREADY_MEMBER') return { state: 'already-member', letter, signedInAs }
  if (!(await isForViewer(visit, invitation))) return { state: 'wrong-account', letter, signedInAs, csrfToken }
  if (viewer.isBound || refusal?.code === 'OTHER_ORGANIZATION') {
    const otherOrganizationName = viewer.memberships[0]?.name ?? 'another organization'
    return { state: 'other-organization', letter, signedInAs, csrfToken, otherOrganizationName }
  }
  return { state: 'ready', letter, signedInAs, csrfToken, error: refusal?.message }
}

/** The own list holds exactly the invitations to addresses that the account has verified. */
async function isForViewer(visit: Visit, { id }: ReceivedInvitation): Promise<boolean> {
  const mine = await visit.runOnAccountSide(listMyInvitations, {})
  return mine.some((invitation) => invitation.id === id)
}

function viewerOf(visit: Visit): Promise<ViewerView | null> {
  return visit.runOnAccountSide(getViewer, { ...ACCOUNT_SIDE, memberships: true })
}

function letterOf(token: string, invitation: ReceivedInvitation): InvitationLetter {
  const { organizationName, invitedByName, email, roleName, expiresAt } = invitation
  return { token, organizationName, invitedByName, email, roleName, projectNames: [], expiresAt }
}

function closedState(status: Exclude<ReceivedInvitation['status'], 'PENDING'>) {
  return status.toLowerCase() as Lowercase<typeof status>
}
