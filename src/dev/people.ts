import type { Database, Statement } from '../platform/database'
import type { Person } from './local-identity-provider/account'

/** Who is offered on the page of the local identity provider: people who signed in there, the latest first, at most 50. */
export async function listLocalPeople(database: Database): Promise<Person[]> {
  const reader = await database.openReader({ kind: 'account' })
  try {
    return await reader.tx.query<Person>(LOCAL_PEOPLE)
  } finally {
    await reader.close()
  }
}

const LOCAL_PEOPLE: Statement = {
  name: 'list-local-people',
  text: `
SELECT u.name, u.email FROM identities i JOIN users u ON u.id = i.user_id
WHERE i.provider = 'LOCAL' AND u.disabled_at IS NULL ORDER BY i.last_used_at DESC, u.email LIMIT 50`,
}
