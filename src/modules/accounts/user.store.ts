import type { Statement, Transaction } from '../../platform/database'
import { UserEntity } from './user.entity'

/** A new account. */
export async function insertUser(tx: Transaction, user: { id: string; name: string; email: string }): Promise<void> {
  await tx.execute(INSERT_USER, [user.id, user.name, user.email])
}

/** Takes back an account made a moment ago in the same transaction. */
export async function deleteUser(tx: Transaction, id: string): Promise<void> {
  await tx.execute(DELETE_USER, [id])
}

/** The account with this id, also a disabled one; null when there is none. */
export async function findUser(tx: Transaction, id: string): Promise<UserEntity | null> {
  return tx.entities.findOneBy(UserEntity, { id })
}

const INSERT_USER: Statement = {
  name: 'insert-user',
  text: 'INSERT INTO users (id, name, email) VALUES ($1, $2, $3)',
}

const DELETE_USER: Statement = { name: 'delete-user', text: 'DELETE FROM users WHERE id = $1' }
