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

/** Holds an account until the transaction ends. @returns false when it is disabled, or gone */
export async function holdUser(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.execute(HOLD_USER, [id])) === 1
}

/** Writes an address that the person has verified onto their account. */
export async function writeAddress(tx: Transaction, id: string, email: string): Promise<void> {
  await tx.execute(WRITE_ADDRESS, [id, email])
}

/** The account with this id, also a disabled one; null when there is none. */
export async function findUser(tx: Transaction, id: string): Promise<UserEntity | null> {
  return tx.entities.findOneBy(UserEntity, { id })
}

const INSERT_USER: Statement = {
  name: 'insert-user',
  text: 'INSERT INTO users (id, name, email) VALUES ($1, $2, $3)',
}

const HOLD_USER: Statement = {
  name: 'hold-user',
  text: 'SELECT 1 FROM users WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE',
}

const WRITE_ADDRESS: Statement = {
  name: 'write-user-address',
  text: 'UPDATE users SET email = $2, updated_at = now() WHERE id = $1',
}

const DELETE_USER: Statement = { name: 'delete-user', text: 'DELETE FROM users WHERE id = $1' }
