import type { Seed } from '../cluster'
import { runSteps, type SeedStep } from '../seeding'

/** How many members the large group has where there are so many users, and the small one. */
export const LARGE_GROUP = 20_000
export const SMALL_GROUP = 20

const SLICE = 50_000

/**
 * One organization in SSO mode with one directory that has pushed `users` people, as `createUser` of requests.ts writes
 * them, and two groups. A million takes some minutes.
 */
export function directorySeed(users: number): Seed {
  return {
    name: `bench_scim_${users}`,
    script: __filename,
    async fill(client) {
      await client.query(PLAN)
      await client.query('INSERT INTO seed.size VALUES ($1)', [users])
      await runSteps(client, STEPS, slicesOf(users))
    },
  }
}

function slicesOf(users: number): [number, number][] {
  return Array.from({ length: Math.ceil(users / SLICE) }, (_, slice) => [
    slice * SLICE,
    Math.min((slice + 1) * SLICE, users),
  ])
}

const PLAN = `
CREATE SCHEMA seed;
CREATE UNLOGGED TABLE seed.size (users integer NOT NULL);
CREATE UNLOGGED TABLE seed.organization AS
SELECT uuidv7() AS id, uuidv7() AS directory, uuidv7() AS admin_role, uuidv7() AS member_role, uuidv7() AS admin;
CREATE UNLOGGED TABLE seed.people (
  n integer NOT NULL, user_id uuid NOT NULL, member_id uuid NOT NULL, directory_user_id uuid NOT NULL, came timestamptz(3) NOT NULL
);
CREATE UNLOGGED TABLE seed.groups (name text NOT NULL, size integer NOT NULL, id uuid NOT NULL, team uuid NOT NULL)
`

const STEPS: readonly SeedStep[] = [
  {
    what: 'organization',
    text: `
INSERT INTO organizations (organization_id, slug, name, billing_email, membership_mode)
SELECT id, 'bench', 'Bench', 'billing@bench.example', 'SSO' FROM seed.organization;
INSERT INTO organization_slugs (slug, organization_id) SELECT 'bench', id FROM seed.organization;
INSERT INTO organization_cards (organization_id, slug, name, status) SELECT id, 'bench', 'Bench', 'ACTIVE' FROM seed.organization;
INSERT INTO roles (organization_id, id, scope, key, name, is_system)
SELECT id, admin_role, 'ORGANIZATION', 'admin', 'Admin', true FROM seed.organization
UNION ALL SELECT id, member_role, 'ORGANIZATION', 'member', 'Member', true FROM seed.organization
UNION ALL SELECT id, uuidv7(), 'PROJECT', 'project_admin', 'Project admin', true FROM seed.organization
UNION ALL SELECT id, uuidv7(), 'PROJECT', 'project_member', 'Project member', true FROM seed.organization;
INSERT INTO projects (organization_id, id, slug, name, is_default, created_by_name)
SELECT id, uuidv7(), 'default', 'Default', true, 'Ada' FROM seed.organization;
INSERT INTO directories (organization_id, id, organization_mode, name, vendor, status, default_role_id)
SELECT id, directory, 'SSO', 'Directory', 'OTHER', 'ACTIVE', member_role FROM seed.organization`,
  },
  {
    what: 'administrator',
    text: `
INSERT INTO users (id, name, email) SELECT admin, 'Ada', 'ada@bench.example' FROM seed.organization;
INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at)
SELECT id, admin, admin, 'ada@bench.example', 'Ada', 'JOINED', 'FOUNDER', admin_role, now() FROM seed.organization;
INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
SELECT admin, id, admin, 'JOINED', 'admin', false, now() FROM seed.organization`,
  },
  {
    what: 'people',
    isSliced: true,
    text: `
INSERT INTO seed.people
SELECT n - 1, uuidv7(came - now()), uuidv7(came - now()), uuidv7(came - now()), came
FROM (
  SELECT n, (now() - make_interval(secs => 10 + (SELECT users FROM seed.size) - n))::timestamptz(3) AS came
  FROM generate_series($1::integer + 1, $2::integer) n) AS coming`,
  },
  {
    what: 'users',
    isSliced: true,
    text: `
INSERT INTO users (id, name, email, created_at)
SELECT user_id, 'Ada ' || n, 'person' || n || '@bench.example', came FROM seed.people WHERE n >= $1 AND n < $2 ORDER BY n`,
  },
  {
    what: 'members',
    isSliced: true,
    text: `
INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at, created_at, updated_at)
SELECT o.id, member_id, user_id, 'person' || n || '@bench.example', 'Ada ' || n, 'JOINED', 'SCIM', o.member_role, came, came, came
FROM seed.people, seed.organization o WHERE n >= $1 AND n < $2 ORDER BY n`,
  },
  {
    what: 'search texts',
    isSliced: true,
    text: `
INSERT INTO member_search_texts (organization_id, member_id, text)
SELECT o.id, member_id, 'ada ' || n || ' person' || n || '@bench.example'
FROM seed.people, seed.organization o WHERE n >= $1 AND n < $2 ORDER BY n`,
  },
  {
    what: 'memberships',
    isSliced: true,
    text: `
INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
SELECT user_id, o.id, member_id, 'JOINED', 'member', false, came FROM seed.people, seed.organization o WHERE n >= $1 AND n < $2 ORDER BY n`,
  },
  {
    what: 'directory',
    isSliced: true,
    text: `
INSERT INTO directory_users (organization_id, directory_id, id, user_name, user_name_key, external_id, active, member_id,
  doc, comparable, created_at, updated_at)
SELECT o.id, o.directory, directory_user_id, 'person' || n || '@bench.example', 'person' || n || '@bench.example', '00u' || n, true, member_id,
  doc.written, lower(doc.written::text)::jsonb, came, came
FROM seed.people, seed.organization o, LATERAL (
  SELECT jsonb_build_object(
    'schemas', jsonb_build_array('urn:ietf:params:scim:schemas:core:2.0:User', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'),
    'userName', 'person' || n || '@bench.example',
    'externalId', '00u' || n,
    'name', jsonb_build_object('formatted', 'Ada ' || n, 'givenName', 'Ada', 'familyName', n::text),
    'displayName', 'Ada ' || n,
    'title', 'Engineer',
    'emails', jsonb_build_array(jsonb_build_object('value', 'person' || n || '@bench.example', 'type', 'work', 'primary', true)),
    'active', true,
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('employeeNumber', n::text, 'department', 'Research')
  ) AS written) AS doc
WHERE n >= $1 AND n < $2 ORDER BY n`,
  },
  {
    what: 'addresses',
    isSliced: true,
    text: `
INSERT INTO directory_user_values (organization_id, directory_id, user_id, attribute, position, type_key, value_key)
SELECT o.id, o.directory, directory_user_id, 'emails', 0, 'work', 'person' || n || '@bench.example'
FROM seed.people, seed.organization o WHERE n >= $1 AND n < $2 ORDER BY n`,
  },
  {
    what: 'groups',
    text: `
INSERT INTO seed.groups
SELECT name, size, uuidv7(), uuidv7() FROM (VALUES ('Small', ${SMALL_GROUP}), ('Large', ${LARGE_GROUP})) AS planned (name, size), seed.size
WHERE users >= size * 2;
INSERT INTO teams (organization_id, id, slug, name, source, path, member_count)
SELECT o.id, g.team, lower(g.name), g.name, 'DIRECTORY', ARRAY[g.team], g.size FROM seed.groups g, seed.organization o;
INSERT INTO directory_groups (organization_id, directory_id, id, display_name, display_name_key, member_count, team_id)
SELECT o.id, o.directory, g.id, g.name, lower(g.name), g.size, g.team FROM seed.groups g, seed.organization o;
INSERT INTO directory_group_members (organization_id, directory_id, group_id, user_id)
SELECT o.id, o.directory, g.id, p.directory_user_id FROM seed.groups g JOIN seed.people p ON p.n < g.size, seed.organization o;
INSERT INTO team_members (organization_id, team_id, member_id)
SELECT o.id, g.team, p.member_id FROM seed.groups g JOIN seed.people p ON p.n < g.size, seed.organization o`,
  },
  {
    what: 'counters',
    text: `
INSERT INTO organization_counters (organization_id, joined, admins, projects) SELECT id, users + 1, 1, 1 FROM seed.organization, seed.size;
INSERT INTO directory_counters (organization_id, directory_id, users, groups)
SELECT id, directory, users, (SELECT count(*) FROM seed.groups) FROM seed.organization, seed.size`,
  },
]
