import type { Client } from 'pg'
import type { Seed } from './cluster'
import { runSteps, type SeedStep } from './seeding'

/** How much to make. Members are spread over the organizations: two large ones, all others alike. */
export interface SeedSize {
  readonly members: number
  readonly organizations: number
  /** Members of the largest organization, and of the second largest. */
  readonly largest: number
  readonly second: number
}

export const MILLION: SeedSize = { members: 1_000_000, organizations: 10_000, largest: 100_000, second: 10_000 }
export const QUICK: SeedSize = { members: 20_000, organizations: 200, largest: 2_000, second: 400 }
export const THOUSAND: SeedSize = { members: 1_000, organizations: 10, largest: 200, second: 100 }

const SLICES = 25

/** A database of that many members in many organizations. */
export function seedOf(size: SeedSize): Seed {
  return { name: `bench_${size.members}`, script: __filename, fill: (client) => seed(client, size) }
}

async function seed(client: Client, size: SeedSize): Promise<void> {
  await client.query(PLAN)
  await client.query(SPREAD, [size.organizations, size.members, size.largest, size.second])
  await runSteps(client, STEPS, slicesOf(size))
}

/** The largest organization is a slice of its own. */
function slicesOf({ organizations }: SeedSize): [number, number][] {
  const width = Math.ceil((organizations - 1) / (SLICES - 1))
  const others = Array.from({ length: SLICES - 1 }, (_, slice): [number, number] => [
    1 + slice * width,
    Math.min(1 + (slice + 1) * width, organizations),
  ])
  return [[0, 1], ...others]
}

const PLAN = `
CREATE SCHEMA seed;
CREATE UNLOGGED TABLE seed.organizations (
  n integer PRIMARY KEY, id uuid NOT NULL, slug text NOT NULL, name text NOT NULL, size integer NOT NULL,
  first_person integer NOT NULL, founded timestamptz(3) NOT NULL,
  admin_role uuid NOT NULL, member_role uuid NOT NULL, project_role uuid NOT NULL
);
CREATE FUNCTION seed.id(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT uuidv7(at - now())';
`

// Everybody is in two organizations; the places of one organization are consecutive, so nobody is in it twice.
const SPREAD = `
INSERT INTO seed.organizations
SELECT n, seed.id(founded), 'organization-' || n, 'Organization ' || n, size,
  (sum(size) OVER (ORDER BY n) - size)::int, founded, seed.id(founded), seed.id(founded), seed.id(founded)
FROM (
  SELECT n, (now() - make_interval(days => 1400 - n % 300))::timestamptz(3) AS founded,
    CASE n WHEN 1 THEN $3::int WHEN 2 THEN $4::int
      ELSE ($2::int - $3::int - $4::int) / ($1::int - 2)
        + CASE WHEN n - 2 <= ($2::int - $3::int - $4::int) % ($1::int - 2) THEN 1 ELSE 0 END END AS size
  FROM generate_series(1, $1::int) n) AS spread`

const STEPS: readonly SeedStep[] = [
  {
    what: 'people',
    text: `
CREATE UNLOGGED TABLE seed.people AS
SELECT n::int AS n, uuidv7(make_interval(days => -1400, secs => n)) AS id,
  (ARRAY['Ada','Ben','Cleo','Dana','Emil','Frida','Goran','Hana','Ivo','Jana','Kofi','Lena','Mia','Nils','Olga','Pia'])[1 + n % 16]
  || ' ' || (ARRAY['Adler','Brandt','Castro','Dahl','Evans','Fischer','Garcia','Haas','Ito','Jensen','Kowalski'])[1 + n % 11]
  || ' ' || n AS name,
  'person' || n || '@example.com' AS email
FROM generate_series(0, (SELECT greatest(sum(size) / 2, max(size)) FROM seed.organizations) - 1) n;
ALTER TABLE seed.people ADD PRIMARY KEY (n);
ANALYZE seed.people, seed.organizations;
INSERT INTO users (id, name, email, created_at) SELECT id, name, email, now() - interval '1400 days' FROM seed.people ORDER BY n;
INSERT INTO identities (id, user_id, provider, subject, email, verified_emails)
SELECT uuidv7(), id, 'EMAIL', email, email, ARRAY[email] FROM seed.people ORDER BY n`,
  },
  {
    what: 'organizations',
    text: `
INSERT INTO organizations (organization_id, slug, name, billing_email, created_at, updated_at)
SELECT id, slug, name, 'billing@' || slug || '.example', founded, founded FROM seed.organizations ORDER BY n;
INSERT INTO organization_slugs (slug, organization_id) SELECT slug, id FROM seed.organizations ORDER BY n;
INSERT INTO organization_cards (organization_id, slug, name, status) SELECT id, slug, name, 'ACTIVE' FROM seed.organizations ORDER BY n;
INSERT INTO roles (organization_id, id, scope, key, name, is_system)
SELECT id, admin_role, 'ORGANIZATION', 'admin', 'Admin', true FROM seed.organizations
UNION ALL SELECT id, member_role, 'ORGANIZATION', 'member', 'Member', true FROM seed.organizations
UNION ALL SELECT id, seed.id(founded), 'PROJECT', 'project_admin', 'Project admin', true FROM seed.organizations
UNION ALL SELECT id, project_role, 'PROJECT', 'project_member', 'Project member', true FROM seed.organizations;
INSERT INTO projects (organization_id, id, slug, name, is_default, created_by_name, created_at, updated_at)
SELECT id, seed.id(founded), 'project-' || p, 'Project ' || p, p = 1, 'Ada', founded, founded
FROM seed.organizations, generate_series(1, 3) p ORDER BY n, p`,
  },
  {
    what: 'members',
    isSliced: true,
    text: `
INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, suspended_at, joined_at, created_at, updated_at, last_active_at)
SELECT organization_id, seed.id(came), CASE WHEN status <> 'INVITED' THEN person END, email,
  CASE WHEN status <> 'INVITED' THEN name ELSE '' END, status, CASE WHEN k = 1 THEN 'FOUNDER' ELSE 'INVITATION' END, role,
  CASE WHEN status = 'SUSPENDED' THEN came END, CASE WHEN status <> 'INVITED' THEN came END, came, came,
  CASE WHEN status = 'JOINED' THEN now() - make_interval(mins => (random() * 100000)::int) END
FROM (
  SELECT o.id AS organization_id, o.n, k, p.id AS person, p.email, p.name,
    CASE WHEN k % 40 = 39 THEN 'INVITED' WHEN k % 50 = 49 THEN 'SUSPENDED' ELSE 'JOINED' END AS status,
    CASE WHEN k <= 2 THEN o.admin_role ELSE o.member_role END AS role,
    (o.founded + (now() - o.founded) * k / (o.size + 1))::timestamptz(3) AS came
  FROM seed.organizations o CROSS JOIN generate_series(1, o.size) k
  JOIN seed.people p ON p.n = (o.first_person + k) % (SELECT count(*) FROM seed.people)
  WHERE o.n > $1::int AND o.n <= $2::int) AS places ORDER BY n, k`,
  },
  {
    what: 'search texts',
    text: `
INSERT INTO member_search_texts (organization_id, member_id, text)
SELECT organization_id, id, lower(name || ' ' || email) FROM members`,
  },
  {
    what: 'memberships',
    text: `
INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
SELECT m.user_id, m.organization_id, m.id, m.status, CASE WHEN m.role_id = o.admin_role THEN 'admin' ELSE 'member' END, false, m.joined_at
FROM members m JOIN seed.organizations o ON o.id = m.organization_id WHERE m.status IN ('JOINED', 'SUSPENDED')`,
  },
  {
    what: 'invitations',
    text: `
INSERT INTO invitations (organization_id, id, member_id, email, organization_mode, token_hash, invited_by_name, created_at, expires_at)
SELECT organization_id, uuidv7(), id, email, 'INVITATION', sha256(id::text::bytea), 'Ada', created_at, now() + interval '7 days'
FROM members WHERE status = 'INVITED';
INSERT INTO invitation_addresses (email, organization_id, invitation_id, invited_by_name, role_name, expires_at)
SELECT email, organization_id, id, invited_by_name, 'Member', expires_at FROM invitations`,
  },
  {
    what: 'grants',
    text: `
INSERT INTO project_grants (organization_id, id, project_id, member_id, role_id, granted_by_name)
SELECT m.organization_id, uuidv7(), p.id, m.id, o.project_role, 'Ada'
FROM members m JOIN seed.organizations o ON o.id = m.organization_id
JOIN projects p ON p.organization_id = m.organization_id AND p.slug = 'project-2'
WHERE m.status = 'JOINED' AND hashtext(m.id::text) % 25 = 0`,
  },
  {
    what: 'sessions',
    text: `
INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, provider, expires_at)
SELECT organization_id, uuidv7(), sha256(id::text::bytea), id, epoch, user_id, 'EMAIL', now() + interval '12 hours'
FROM members WHERE status = 'JOINED' AND hashtext(id::text) % 5 = 0`,
  },
  {
    what: 'counters',
    text: `
INSERT INTO organization_counters (organization_id, joined, invited, suspended, admins, projects, invitation_quota)
SELECT m.organization_id, count(*) FILTER (WHERE status = 'JOINED'), count(*) FILTER (WHERE status = 'INVITED'),
  count(*) FILTER (WHERE status = 'SUSPENDED'), count(*) FILTER (WHERE status = 'JOINED' AND role_id = o.admin_role), 3, 1000000000
FROM members m JOIN seed.organizations o ON o.id = m.organization_id GROUP BY m.organization_id`,
  },
]
