import type { FastifyReply } from 'fastify'
import { type OrganizationSession, type RoleScope, SYSTEM_ROLES } from '../access'
import { AppError } from '../kernel/errors'
import { fromTypeId, toTypeId } from '../kernel/ids'
import { type InvitationResult, inviteMembers } from '../modules/invitations'
import { getMemberStats, getViewerMembership, listMembers } from '../modules/members'
import { getOrganization, type OrganizationEntity } from '../modules/organizations'
import { listRoles, type Role } from '../modules/roles'
import { getActor } from '../modules/sessions'
import { fieldErrors } from './create-organization'
import { inviteOutcome } from './invite-outcome'
import { type FieldError, type OrganizationPageProps, renderOrganizationPage } from './pages'
import type { Visit } from './visit'

const FIRST_MEMBERS = 25

/** What the form for invitations is shown with after it was posted. */
interface Posted {
  readonly values?: { readonly addresses: string; readonly roleId: string }
  readonly errors?: readonly FieldError[]
  readonly results?: readonly InvitationResult[]
}

/** `GET /organizations/{slug}`: who is in the active organization of this browser. */
export async function showOrganization(visit: Visit): Promise<FastifyReply> {
  const active = await activeHere(visit)
  return active ? visit.html(await pageOf(visit, active, {})) : visit.goTo('/')
}

/** `POST /organizations/{slug}/invitations`. */
export async function inviteOnPage(visit: Visit): Promise<FastifyReply> {
  const active = await activeHere(visit)
  // The form may be of an organization that was active before: nobody is invited into another one by it.
  if (!active) return visit.goTo('/')
  const { organizationId } = active.organization
  const values = { addresses: visit.field('addresses'), roleId: visit.field('roleId') }
  try {
    const draft = { emails: [values.addresses], roleId: fromTypeId('Role', values.roleId) }
    const results = await visit.run(inviteMembers, { organizationId, ...draft })
    return visit.html(await pageOf(visit, active, { results }))
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'UNAUTHENTICATED' || error.code === 'UNAVAILABLE') throw error
    return visit.html(await pageOf(visit, active, { values, errors: fieldErrors(error) }), 422)
  }
}

async function pageOf(visit: Visit, { member, organization }: Active, posted: Posted): Promise<string> {
  const { organizationId } = organization
  const { joined, invited, suspended } = await visit.run(getMemberStats, { organizationId })
  const page = { first: FIRST_MEMBERS }
  const membership = await visit.run(getViewerMembership, { organizationId })
  const { rows } = await visit.run(listMembers, { organizationId, page, filter: null, order: null })
  return renderOrganizationPage({
    signedInAs: member.name || member.email,
    name: organization.name,
    slug: organization.slug,
    roleName: membership?.roleName ?? member.roleKey,
    membersCount: joined + invited + suspended,
    members: rows.flatMap(({ status, name, email, roleName: role }) =>
      status === 'REMOVED' ? [] : [{ status, name: name || null, email, roleName: role }],
    ),
    invite: await inviteForm(visit, member, organization, posted),
    signOut: member.ssoProviderId
      ? { csrfToken: visit.formToken(), ownSignInUrl: ownSignInPath(organization.slug) }
      : null,
  })
}

async function inviteForm(
  visit: Visit,
  member: OrganizationSession,
  { membershipMode }: OrganizationEntity,
  { values, errors, results }: Posted,
): Promise<OrganizationPageProps['invite']> {
  if (!member.permissions.has('invitation.create') || membershipMode === 'SSO') return null
  const scope: RoleScope = 'ORGANIZATION'
  const roles = await visit.run(listRoles, { organizationId: member.organizationId, scope })
  const givable = roles.filter((role) => [...role.permissions].every((each) => member.permissions.has(each)))
  return {
    csrfToken: visit.formToken(),
    // The usual one first, Admin last: whoever is invited is seldom one.
    roles: givable.sort(byUse).map(({ id, name }) => ({ id: toTypeId('Role', id), name })),
    values,
    errors,
    outcomes: results?.map(inviteOutcome),
  }
}

const USUAL: readonly string[] = [SYSTEM_ROLES.ADMIN.key, SYSTEM_ROLES.MEMBER.key]

function byUse(one: Role, other: Role): number {
  const rank = ({ key }: Role) => [2, 0][USUAL.indexOf(key)] ?? 1
  return rank(one) - rank(other) || one.name.localeCompare(other.name)
}

/** Where a member who comes through a company gets a way to sign in of their own. */
export function ownSignInPath(slug: string): string {
  return `/organizations/${slug}/own-sign-in`
}

/** The organization of this browser, and who the person is in it. */
export interface Active {
  readonly member: OrganizationSession
  readonly organization: OrganizationEntity
}

/**
 * The active organization, if it is the one in the path; null when the person has to open that one first.
 * @throws UNAUTHENTICATED  nobody is signed in
 */
export async function activeHere(visit: Visit): Promise<Active | null> {
  const member = await visit.run(getActor, {})
  if (member.kind === 'account') return null
  if (member.kind !== 'member') throw new AppError('UNAUTHENTICATED', 'Sign in first.')
  const organization = await visit.run(getOrganization, { organizationId: member.organizationId })
  return organization.slug === visit.pathPart('slug') ? { member, organization } : null
}
