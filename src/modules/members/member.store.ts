import { SYSTEM_ROLES } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import { MemberEntity } from './member.entity'

/** A person about to be in an organization. */
export interface JoiningPerson {
  userId: string
  name: string
  email: string
}

/**
 * Makes the founder of a new organization its first member.
 * @returns the member's id
 * @throws OTHER_ORGANIZATION  when the installation allows one organization per person and this person has one
 */
export async function insertFounder(
  tx: Transaction,
  organizationId: string,
  roleId: string,
  person: JoiningPerson,
): Promise<string> {
  const id = newId()
  const joinedAt = new Date()
  await tx.entities.insert(MemberEntity, {
    organizationId,
    id,
    userId: person.userId,
    name: person.name,
    email: person.email,
    status: 'JOINED',
    source: 'FOUNDER',
    roleId,
    joinedAt,
  })
  await insertUserMembership(tx, {
    organizationId,
    memberId: id,
    userId: person.userId,
    roleKey: SYSTEM_ROLES.ADMIN.key,
  })
  return id
}

/**
 * Writes the account side of a membership that has just begun.
 * @throws OTHER_ORGANIZATION  when the installation allows one organization per person and this person has one
 */
export async function insertUserMembership(
  tx: Transaction,
  membership: { organizationId: string; memberId: string; userId: string; roleKey: string },
): Promise<void> {
  const { userId, organizationId, memberId, roleKey } = membership
  await tx.execute(INSERT_USER_MEMBERSHIP, [userId, organizationId, memberId, roleKey]).catch((error: unknown) => {
    if (violatedConstraint(error) !== 'user_memberships_one_organization') throw error
    throw new AppError(
      'OTHER_ORGANIZATION',
      'This account belongs to another organization. Leave it first, or use another account.',
    )
  })
}

const INSERT_USER_MEMBERSHIP: Statement = {
  name: 'insert-user-membership',
  text: `
INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
SELECT $1, $2, $3, 'JOINED', $4, exclusive_membership, now() FROM installation`,
}
