import type { FastifyReply } from 'fastify'
import { SYSTEM_ROLES } from '../access'
import { toTypeId } from '../kernel/ids'
import { listMyInvitations, type ReceivedInvitation } from '../modules/invitations'
import { getOrganization } from '../modules/organizations'
import { getActor } from '../modules/sessions'
import { getViewer, type ViewerMembership, type ViewerView } from '../modules/viewer'
import { askableOrganizations } from './ask-to-join'
import { deviceOf } from './device'
import { labelOf } from './method-label'
import { type HomePageProps, renderHomePage, renderWelcomePage } from './pages'
import { showEndedSession } from './show-ended-session'
import { startPath } from './show-login'
import type { Site } from './site'
import type { Visit } from './visit'

const NOTICES: Readonly<Record<string, string>> = {
  company: 'Your company’s sign-in was linked.',
  linked: 'The new way to sign in was linked to your account.',
  revoked: 'The session was ended.',
  declined: 'The invitation was declined.',
  asked: 'You have asked to join; an Admin decides.',
  unasked: 'Your request was taken back.',
  joined: 'Welcome: you are a member now.',
  restored: 'The organization is back; open it to go on.',
}

/** `GET /`: the account of the person who is signed in, or where to sign in. */
export async function showHome(visit: Visit): Promise<FastifyReply> {
  const parts = { activeOrganization: false, memberships: true, sessions: true, identities: true }
  const viewer = await visit.runOnAccountSide(getViewer, parts)
  if (!viewer) return welcome(visit)
  const invitations = await visit.runOnAccountSide(listMyInvitations, {})
  return visit.html(
    renderHomePage({
      signedInAs: viewer.user.name || viewer.user.email,
      csrfToken: visit.formToken(),
      organizations: viewer.memberships.map(organizationRow),
      invitations: invitations.map(invitationRow),
      askable: await askableOrganizations(visit, !viewer.isBound),
      mayCreateOrganization: !viewer.isBound,
      explorerUrl: visit.site.explorerUrl,
      notice: NOTICES[visit.query('notice')],
      ...accountSections(visit.site, viewer),
    }),
  )
}

/** Whoever has signed in through a company has that one organization and no account page. */
async function welcome(visit: Visit): Promise<FastifyReply> {
  const actor = await visit.run(getActor, {})
  if (actor.kind !== 'member') return (await showEndedSession(visit)) ?? visit.html(renderWelcomePage())
  const { slug } = await visit.run(getOrganization, { organizationId: actor.organizationId })
  return visit.goTo(`/organizations/${slug}`)
}

function organizationRow(membership: ViewerMembership): HomePageProps['organizations'][number] {
  const { name, slug, roleKey, roleName, status, deletionScheduledFor } = membership
  return {
    name,
    slug,
    status,
    roleName,
    openAction: `/organizations/${slug}/open`,
    deletion: deletionScheduledFor && {
      purgeAt: deletionScheduledFor,
      cancelAction: roleKey === SYSTEM_ROLES.ADMIN.key ? `/organizations/${slug}/cancel-deletion` : null,
    },
  }
}

function invitationRow(invitation: ReceivedInvitation): HomePageProps['invitations'][number] {
  const path = `/invitations/${toTypeId('Invitation', invitation.id)}`
  const { organizationName, invitedByName, roleName: role, email, expiresAt } = invitation
  const actions = { acceptAction: `${path}/accept`, declineAction: `${path}/decline` }
  return { organizationName, invitedByName, roleName: role, email, expiresAt, ...actions }
}

function accountSections(site: Site, viewer: ViewerView): Pick<HomePageProps, 'sessions' | 'identities' | 'linkable'> {
  const linked = new Set(viewer.identities.map(({ provider }) => provider))
  const linkable = site.providers
    .filter(({ provider }) => !linked.has(provider))
    .map(({ label, slug }) => ({ label, startUrl: `${startPath(slug)}?link=1` }))
  if (site.offersEmailCodes) linkable.push({ label: 'an e-mail address', startUrl: '/login/email?link=1' })
  return {
    linkable,
    identities: viewer.identities.map(({ provider, email, linkedAt }) => ({
      providerLabel: labelOf(site, provider),
      email: email ?? 'no verified address',
      linkedAt,
    })),
    sessions: viewer.sessions.map(({ id, userAgent, ip, createdAt, lastActiveAt, isCurrent }) => ({
      id: toTypeId('Session', id),
      device: deviceOf(userAgent),
      ipAddress: ip,
      createdAt,
      lastUsedAt: lastActiveAt,
      isCurrent,
    })),
  }
}
