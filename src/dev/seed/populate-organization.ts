import { type Spine, SYSTEM_ROLES } from '../../access'
import { AppError } from '../../kernel/errors'
import { acceptInvitation, inviteMembers, listMyInvitations } from '../../modules/invitations'
import { listMembers, removeMembers, suspendMembers } from '../../modules/members'
import { updateOrganization } from '../../modules/organizations'
import { createProject, getProject, setProjectGrants } from '../../modules/projects'
import { listRoles } from '../../modules/roles'
import type { Statement } from '../../platform/database'
import type { Person } from '../local-identity-provider/account'
import { act, SEED_REQUEST_ID, type Secrets, signIn } from './demo-callers'
import type { DemoOrganization } from './demo-people'
import { formTeams } from './form-teams'

/** A founded organization that is still empty or filled in part, and its founder's session in it. */
export interface FoundedOrganization {
  readonly organizationId: string
  readonly demo: DemoOrganization
  readonly admin: Secrets
  /** Letters of waiting invitations are sent; to the mailbox page, never by SMTP. */
  readonly sendLetters: boolean
}

/**
 * Fills an organization with people in every state, projects, teams and invitations, the way its Admin would. Each step does
 * what is still missing, so that whoever was interrupted begins again and ends with the same.
 */
export async function populateOrganization(spine: Spine, founded: FoundedOrganization): Promise<void> {
  const { demo, organizationId, admin } = founded
  const roles = await act(spine, admin, listRoles, { organizationId })
  const roleId = (key: string): string => roles.find((role) => role.key === key)!.id

  await letIn(spine, founded, demo.admins, roleId(SYSTEM_ROLES.ADMIN.key))
  const members = await letIn(spine, founded, demo.members, roleId(SYSTEM_ROLES.MEMBER.key))
  await openProjects(spine, founded, members, roleId(SYSTEM_ROLES.PROJECT_MEMBER.key))
  const standing = await findStanding(spine, founded)
  const memberIds = new Map([...standing].map(([email, { id }]) => [email, id]))
  await formTeams(spine, { organizationId, admin, memberIds }, demo.teams)

  const suspended = await letIn(spine, founded, demo.suspended, roleId(SYSTEM_ROLES.MEMBER.key))
  const removed = await letIn(spine, founded, demo.removed, roleId(SYSTEM_ROLES.MEMBER.key))
  const change = { organizationId, onError: 'ABORT_ALL' } as const
  if (suspended.length > 0)
    await act(spine, admin, suspendMembers, { ...change, members: { ids: suspended }, note: 'On leave until spring' })
  if (removed.length > 0) await act(spine, admin, removeMembers, { ...change, members: { ids: removed } })

  await inviteWithoutAnswer(spine, founded)
  // Last of all: the audit row of it says that nothing is missing (see isPopulated).
  await act(spine, admin, updateOrganization, { organizationId, changes: { description: demo.description } })
}

/** True once `populateOrganization` went through; what people have changed in the demonstration since is theirs. */
export async function isPopulated(spine: Spine, organizationId: string): Promise<boolean> {
  const values = [organizationId, SEED_REQUEST_ID]
  const rows = await spine.database.write({ kind: 'organization', organizationId }, (tx) =>
    tx.query(FIND_LAST_STEP, values),
  )
  return rows.length > 0
}

/** Invites people and lets them accept, as far as they have not. @returns  the ids of those who are joined, in order */
async function letIn(
  spine: Spine,
  founded: FoundedOrganization,
  people: readonly Person[],
  roleId: string,
): Promise<string[]> {
  if (people.length === 0) return []
  const { organizationId, admin } = founded
  const standing = await findStanding(spine, founded)
  const emails = people.map(({ email }) => email).filter((email) => !standing.has(email))
  if (emails.length > 0) await act(spine, admin, inviteMembers, { organizationId, emails, roleId, sendEmail: false })
  const joined: string[] = []
  for (const person of people) {
    const member = standing.get(person.email)
    const isOpen = !member || member.status === 'INVITED'
    const memberId = isOpen ? await answer(spine, organizationId, person) : member.status === 'JOINED' && member.id
    if (memberId) joined.push(memberId)
  }
  return joined
}

/** Everybody in the organization by address, also who is only invited and who was removed. */
async function findStanding(spine: Spine, { organizationId, admin }: FoundedOrganization) {
  const filter = { status: ['INVITED', 'JOINED', 'SUSPENDED', 'REMOVED'] as const }
  const { rows } = await act(spine, admin, listMembers, { organizationId, page: { first: 100 }, filter })
  return new Map(rows.map(({ email, id, status }) => [email, { id, status }]))
}

/** The person signs in and accepts. @returns  the member's id, or null when the invitation stays open */
async function answer(spine: Spine, organizationId: string, person: Person): Promise<string | null> {
  const account = await signIn(spine, person)
  const received = await act(spine, account, listMyInvitations, {})
  const own = received.find((invitation) => invitation.organizationId === organizationId)
  return own ? accept(spine, account, { invitationId: own.id, organizationId }) : null
}

/** Null where the installation allows one organization per person: the invitation then stays open. */
async function accept(
  spine: Spine,
  account: Secrets,
  invitation: { invitationId: string; organizationId: string },
): Promise<string | null> {
  try {
    return (await act(spine, account, acceptInvitation, invitation)).memberId
  } catch (error) {
    if (error instanceof AppError && error.code === 'OTHER_ORGANIZATION') return null
    throw error
  }
}

async function openProjects(
  spine: Spine,
  { demo, organizationId, admin }: FoundedOrganization,
  members: readonly string[],
  roleId: string,
): Promise<void> {
  for (const [index, draft] of demo.projects.entries()) {
    const projectId =
      (await findProject(spine, admin, draft.slug)) ??
      (await act(spine, admin, createProject, { organizationId, draft }))
    const team = members.filter((_, position) => position % demo.projects.length === index).slice(0, 4)
    const principals = team.map((id) => ({ kind: 'MEMBER', id }) as const)
    if (principals.length > 0)
      await act(spine, admin, setProjectGrants, { projectId, principals, roleId, expiresAt: null })
  }
}

async function findProject(spine: Spine, admin: Secrets, slug: string): Promise<string | null> {
  try {
    return (await act(spine, admin, getProject, { by: { slug } })).id
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null
    throw error
  }
}

async function inviteWithoutAnswer(spine: Spine, founded: FoundedOrganization): Promise<void> {
  const { demo, organizationId, admin, sendLetters } = founded
  const standing = await findStanding(spine, founded)
  const expired = demo.expired.filter((email) => !standing.has(email))
  const pending = demo.pending.filter((email) => !standing.has(email))
  if (expired.length > 0) await act(spine, admin, inviteMembers, { organizationId, emails: expired, sendEmail: false })
  if (demo.expired.length > 0)
    await spine.database.write({ kind: 'organization', organizationId }, (tx) =>
      tx.execute(AGE_INVITATIONS, [organizationId, demo.expired]),
    )
  if (pending.length > 0)
    await act(spine, admin, inviteMembers, { organizationId, emails: pending, sendEmail: sendLetters })
}

// Time is the one thing that no use case can make.
const AGE_INVITATIONS: Statement = {
  name: 'seed-age-invitations',
  text: `UPDATE invitations SET created_at = created_at - interval '30 days', expires_at = now() - interval '23 days'
WHERE organization_id = $1 AND email = ANY ($2) AND status = 'PENDING' AND expires_at > now()`,
}

const FIND_LAST_STEP: Statement = {
  name: 'seed-find-last-step',
  text: `SELECT FROM audit_events WHERE organization_id = $1 AND action = 'organization.updated' AND request_id = $2 LIMIT 1`,
}
