import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Search by any part of a member's name or address.
 *
 * LIKE is not leakproof, so under row-level security PostgreSQL must filter by tenant before it may match, and cannot
 * use a trigram index for it. The function below runs as gatehouse_operator, whose policy lets the index be used, and
 * holds itself to the tenant of the transaction. Both extensions are trusted: the owner of the database may add them.
 */
export class MemberSearch0002 implements MigrationInterface {
  readonly name = 'MemberSearch1790000000002'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [INDEX, FUNCTION, RIGHTS]) await runner.query(part)
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forwards: restore a backup instead.')
  }
}

const INDEX = `
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;
CREATE INDEX members_search ON members USING gin (organization_id, lower(name || ' ' || email) gin_trgm_ops);
`

// No plan would notice a term that half of a large organization matches: row-level security hides the statistics from
// operators that are not leakproof, and a bitmap of a million members takes a third of a second. So the function looks
// at the first members in two orders, and leaves a term that a tenth of both match to the caller's walk.
const FUNCTION = `
CREATE FUNCTION search_members(term text, with_removed boolean, at_most integer) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenant  uuid := current_setting('app.organization')::uuid;
  pattern text := '%' || replace(replace(replace(lower(term), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';
  alike   integer;
BEGIN
  IF length(term) < 3 THEN
    RAISE EXCEPTION 'a search term has at least 3 characters';
  END IF;
  SELECT count(*) INTO alike FROM (
    SELECT m.name, m.email FROM public.members m WHERE m.organization_id = tenant AND m.status <> 'REMOVED'
    ORDER BY m.name, m.id LIMIT 200) AS m WHERE lower(m.name || ' ' || m.email) LIKE pattern;
  IF alike >= 20 THEN
    SELECT count(*) INTO alike FROM (
      SELECT m.name, m.email FROM public.members m WHERE m.organization_id = tenant
      ORDER BY m.id LIMIT 200) AS m WHERE lower(m.name || ' ' || m.email) LIKE pattern;
    IF alike >= 20 THEN
      RETURN NULL;
    END IF;
  END IF;
  RETURN ARRAY(
    SELECT m.id FROM public.members m
    WHERE m.organization_id = tenant AND lower(m.name || ' ' || m.email) LIKE pattern
      AND (with_removed OR m.status <> 'REMOVED')
    LIMIT at_most);
END
$$;
`

const RIGHTS = `
REVOKE ALL ON FUNCTION search_members FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_members TO gatehouse_app;
GRANT CREATE ON SCHEMA public TO gatehouse_operator;
ALTER FUNCTION search_members OWNER TO gatehouse_operator;
REVOKE CREATE ON SCHEMA public FROM gatehouse_operator;
`
