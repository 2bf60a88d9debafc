import { type Spine, SYSTEM_ROLES } from '../../access'
import { AppError } from '../../kernel/errors'
import { acceptInvitation, inviteMembers, listMyInvitations } from '../../modules/invitations'
import { removeMembers, suspendMembers } from '../../modules/members'
import { createProject, setProjectGrant } from '../../modules/projects'
import { listRoles } from '../../modules/roles'
import type { Statement } from '../../platform/database'
import type { Person } from '../local-identity-provider/account'
import { act, type Secrets, signIn } from './demo-callers'
import type { DemoOrganization } from './demo-people'

/** A founded organization that is still empty, and its founder's session in it. */
export interface FoundedOrganization {
  readonly organizationId: string
  readonly demo: DemoOrganization
  readonly admin: Secrets
  /** Letters of waiting invitations are sent; to the mailbox page, never by SMTP. */
  readonly sendLetters: boolean
}

/** Fills an organization with people in every state, projects and invitations, the way its Admin would. */
export async function populateOrganization(spine: Spine, founded: FoundedOrganization): Promise<void> {
  const { demo, organizationId, admin } = founded
  const roles = await act(spine, admin, listRoles, { organizationId })
  const roleId = (key: string): string => roles.find((role) => role.key === key)!.id

  await letIn(spine, founded, demo.admins, roleId(SYSTEM_ROLES.ADMIN.key))
  const members = await letIn(spine, founded, demo.members, roleId(SYSTEM_ROLES.MEMBER.key))
  await openProjects(spine, founded, members, roleId(SYSTEM_ROLES.PROJECT_MEMBER.key))

  const suspended = await letIn(spine, founded, demo.suspended, roleId(SYSTEM_ROLES.MEMBER.key))
  const removed = await letIn(spine, founded, demo.removed, roleId(SYSTEM_ROLES.MEMBER.key))
  const change = { organizationId, onError: 'ABORT_ALL' } as const
  if (suspended.length > 0)
    await act(spine, admin, suspendMembers, { ...change, members: { ids: suspended }, note: 'On leave until spring' })
  if (removed.length > 0) await act(spine, admin, removeMembers, { ...change, members: { ids: removed } })

  await inviteWithoutAnswer(spine, founded)
}

/** Invites people and lets them accept. @returns the ids of the new members */
async function letIn(
  spine: Spine,
  { organizationId, admin }: FoundedOrganization,
  people: readonly Person[],
  roleId: string,
): Promise<string[]> {
  if (people.length === 0) return []
  const emails = people.map(({ email }) => email)
  await act(spine, admin, inviteMembers, { organizationId, emails, roleId, sendEmail: false })
  const joined: string[] = []
  for (const person of people) {
    const account = await signIn(spine, person)
    const received = await act(spine, account, listMyInvitations, {})
    const own = received.find((invitation) => invitation.organizationId === organizationId)
    const memberId = own && (await accept(spine, account, { invitationId: own.id, organizationId }))
    if (memberId) joined.push(memberId)
  }
  return joined
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
    const projectId = await act(spine, admin, createProject, { organizationId, draft })
    const team = members.filter((_, position) => position % demo.projects.length === index).slice(0, 4)
    for (const memberId of team) await act(spine, admin, setProjectGrant, { projectId, memberId, roleId })
  }
}

async function inviteWithoutAnswer(spine: Spine, founded: FoundedOrganization): Promise<void> {
  const { demo, organizationId, admin, sendLetters } = founded
  if (demo.expired.length > 0) {
    await act(spine, admin, inviteMembers, { organizationId, emails: demo.expired, sendEmail: false })
    await spine.database.write({ kind: 'organization', organizationId }, (tx) =>
      tx.execute(AGE_INVITATIONS, [organizationId, demo.expired]),
    )
  }
  if (demo.pending.length > 0)
    await act(spine, admin, inviteMembers, { organizationId, emails: demo.pending, sendEmail: sendLetters })
}

// Time is the one thing that no use case can make.
const AGE_INVITATIONS: Statement = {
  name: 'seed-age-invitations',
  text: `UPDATE invitations SET created_at = created_at - interval '30 days', expires_at = now() - interval '23 days'
WHERE organization_id = $1 AND email = ANY ($2) AND status = 'PENDING'`,
}
