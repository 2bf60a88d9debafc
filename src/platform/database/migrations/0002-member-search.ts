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
    for (const part of [TABLE, FUNCTION, RIGHTS]) await runner.query(part)
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forwards: restore a backup instead.')
  }
}

const TABLE = `
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;
-- What members are found by, written wherever their name or address is. Apart from them, since every change of a member would
-- else put some forty trigrams into the index, and most changes are of the status or of when somebody was last seen.
CREATE TABLE member_search_texts (
  organization_id uuid NOT NULL,
  member_id       uuid NOT NULL,
  -- Name and address in lower case.
  text            text NOT NULL,
  PRIMARY KEY (organization_id, member_id),
  CONSTRAINT member_search_texts_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX member_search_texts_trigrams ON member_search_texts USING gin (organization_id, text gin_trgm_ops);
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
    SELECT s.member_id FROM public.member_search_texts s
    WHERE s.organization_id = tenant AND s.text LIKE pattern
      AND (with_removed OR (
        SELECT m.status <> 'REMOVED' FROM public.members m WHERE m.organization_id = tenant AND m.id = s.member_id))
    LIMIT at_most);
END
$$;
`

const RIGHTS = `
GRANT SELECT, INSERT, UPDATE, DELETE ON member_search_texts TO gatehouse_app;
GRANT SELECT ON member_search_texts TO gatehouse_operator;
ALTER TABLE member_search_texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE member_search_texts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON member_search_texts FOR ALL TO gatehouse_app
  USING (organization_id = nullif(current_setting('app.organization', true), '')::uuid)
  WITH CHECK (organization_id = nullif(current_setting('app.organization', true), '')::uuid);
CREATE POLICY installation ON member_search_texts FOR SELECT TO gatehouse_operator USING (true);
REVOKE ALL ON FUNCTION search_members FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_members TO gatehouse_app;
GRANT CREATE ON SCHEMA public TO gatehouse_operator;
ALTER FUNCTION search_members OWNER TO gatehouse_operator;
REVOKE CREATE ON SCHEMA public FROM gatehouse_operator;
`
