import type { SuperuserConnection } from './superuser'

/** Lets members be found who were put there behind the application's back. */
export async function makeSearchable(superuser: SuperuserConnection): Promise<void> {
  await superuser.rows(
    `INSERT INTO member_search_texts (organization_id, member_id, text)
     SELECT organization_id, id, lower(name || ' ' || email) FROM members ON CONFLICT DO NOTHING`,
  )
}
