import { notFound } from '../../access'
import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import { UserEntity } from './user.entity'

/** The account, or null when there is none. */
export async function findUser(tx: Transaction, userId: string): Promise<UserEntity | null> {
  return tx.entities.findOneBy(UserEntity, { id: userId })
}

/**
 * Shuts an account out or lets it in again; holds it until the commit, so that nothing can be opened meanwhile.
 * @returns  the account's names, and false in `hasChanged` when it was so already
 * @throws NOT_FOUND
 */
export async function setUserDisabled(
  tx: Transaction,
  userId: string,
  isDisabled: boolean,
): Promise<{ name: string; email: string; hasChanged: boolean }> {
  const [user] = await tx.query<{ name: string; email: string; is_disabled: boolean }>(LOCK_USER, [userId])
  if (!user) throw notFound('The account')
  const hasChanged = user.is_disabled !== isDisabled
  if (hasChanged) await tx.execute(SET_USER_DISABLED, [userId, isDisabled])
  return { name: user.name, email: user.email, hasChanged }
}

/** Accounts whose address begins with `prefix`, by address: one row more than the page holds. */
export async function listUserRows(tx: Transaction, prefix: string, page: Page): Promise<UserEntity[]> {
  const [email, id] = page.cursor ?? [null, null]
  const statement = page.direction === 'forwards' ? LIST_USERS : LIST_USERS_BACKWARDS
  return tx.query<UserEntity>(statement, [prefix, email, id, page.size + 1])
}

const LOCK_USER: Statement = {
  name: 'lock-user-for-access',
  text: 'SELECT name, email, disabled_at IS NOT NULL AS is_disabled FROM users WHERE id = $1 FOR NO KEY UPDATE',
}

const SET_USER_DISABLED: Statement = {
  name: 'set-user-disabled',
  text: 'UPDATE users SET disabled_at = CASE WHEN $2 THEN now() END, updated_at = now() WHERE id = $1',
}

// starts_with decides; the range lets the index find the beginning where text sorts by code point.
const listUsers = (after: '>' | '<', direction: 'ASC' | 'DESC') => `
SELECT id, name, email, avatar_url AS "avatarUrl", disabled_at AS "disabledAt", created_at AS "createdAt",
  updated_at AS "updatedAt"
FROM users
WHERE starts_with(email, $1) AND email >= $1 AND ($2::text IS NULL OR (email, id) ${after} ($2, $3::uuid))
ORDER BY email ${direction}, id ${direction} LIMIT $4`

const LIST_USERS: Statement = { name: 'list-users', text: listUsers('>', 'ASC') }
const LIST_USERS_BACKWARDS: Statement = { name: 'list-users-backwards', text: listUsers('<', 'DESC') }
