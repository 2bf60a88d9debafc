/**
 * SQL for what the database says a role allows: a custom role lists its permissions, a built-in one holds those of the
 * platform's permissions that are meant for it; what was retired gives nothing. `permissionsOfRole` adds what the
 * built-in roles hold by code.
 *
 * @param role  alias of a row of `roles`
 * @returns  an expression of type text[]
 */
export function listedPermissions(role: string): string {
  return `CASE WHEN NOT ${role}.is_system THEN ARRAY(
    SELECT own.key FROM unnest(${role}.permissions) AS own(key)
    WHERE NOT EXISTS (SELECT FROM platform_permissions pp WHERE pp.key = own.key AND pp.retired_at IS NOT NULL)
  ) ELSE ARRAY(
    SELECT pp.key FROM platform_permissions pp
    WHERE pp.retired_at IS NULL
      AND (pp.is_for_members OR ${role}.key IN ('admin', 'project_admin'))
      AND (pp.scope <> 'ORGANIZATION' OR ${role}.scope = 'ORGANIZATION')) END`
}
