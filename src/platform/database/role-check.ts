import type { DataSource } from 'typeorm'

interface RoleRow {
  name: string
  superuser: boolean
  bypasses: boolean
  owns: string[]
  unforced: string[]
}

const ROLE_CHECK = `
SELECT current_user::text AS name, r.rolsuper AS superuser, r.rolbypassrls AS bypasses,
  ARRAY(SELECT c.relname::text FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owns,
  ARRAY(SELECT c.relname::text FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity)) AS unforced
FROM pg_roles r WHERE r.rolname = current_user`

/**
 * Refuses to serve under a role for which row-level security would be silently switched off.
 * @throws Error  naming the role and the remedy
 */
export async function assertRoleCannotBypass(dataSource: DataSource): Promise<void> {
  const [role] = await dataSource.query<RoleRow[]>(ROLE_CHECK)
  if (!role) throw new Error('The database did not tell which role is connected.')
  const reason =
    (role.superuser && 'is a superuser') ||
    (role.bypasses && 'has BYPASSRLS') ||
    (role.owns.length > 0 && `owns tables (${role.owns.slice(0, 3).join(', ')})`) ||
    (role.unforced.length > 0 && `meets tables without forced row-level security (${role.unforced.join(', ')})`)
  if (!reason) return
  throw new Error(
    `The database role "${role.name}" of DATABASE_URL ${reason}, so organizations would not be isolated from each other. ` +
      'Connect as gatehouse_app and migrate as gatehouse_owner (README, "Your own PostgreSQL").',
  )
}
