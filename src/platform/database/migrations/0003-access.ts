import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Who may do what: custom roles, the platform's own permissions, teams, grants that end, keys (docs/adr/0011-access-model.md). */
export class Access0003 implements MigrationInterface {
  readonly name = 'Access1790000000003'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [PERMISSIONS, ROLES, TEAMS, GRANTS, KEYS, RIGHTS]) await runner.query(part)
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forwards: restore a backup instead.')
  }
}

const PERMISSIONS = `
-- What the platform around Gatehouse registers; Gatehouse's own permissions stand in access/permissions.ts. Rows stay
-- when a permission is retired, so that roles and audit events that name it remain readable.
CREATE TABLE platform_permissions (
  key            text PRIMARY KEY,
  title          text NOT NULL,
  description    text,
  scope          text NOT NULL,
  is_sensitive   boolean NOT NULL DEFAULT false,
  -- Member and Project member hold it too; Admin and, below the organization, Project admin hold everything.
  is_for_members boolean NOT NULL DEFAULT false,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  updated_at     timestamptz(3) NOT NULL DEFAULT now(),
  retired_at     timestamptz(3),
  CONSTRAINT platform_permissions_key_check CHECK (key ~ '^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)+$' AND length(key) <= 100),
  CONSTRAINT platform_permissions_scope_check CHECK (scope IN ('ORGANIZATION', 'PROJECT', 'RESOURCE'))
);
`

const ROLES = `
ALTER TABLE roles
  -- Of custom roles; what the built-in ones allow is code and platform_permissions.
  ADD COLUMN permissions text[] NOT NULL DEFAULT '{}',
  ADD COLUMN version integer NOT NULL DEFAULT 1,
  ADD COLUMN updated_at timestamptz(3) NOT NULL DEFAULT now(),
  ADD CONSTRAINT roles_system_permissions_check CHECK (NOT is_system OR permissions = '{}'),
  -- Whoever holds a role sees what it is a role in; lists rely on it.
  ADD CONSTRAINT roles_read_check CHECK (
    is_system OR permissions @> ARRAY[CASE scope WHEN 'ORGANIZATION' THEN 'organization.read' ELSE 'project.read' END]
  ),
  ADD CONSTRAINT roles_permission_count_check CHECK (cardinality(permissions) <= 200);
CREATE INDEX project_grants_by_role ON project_grants (organization_id, role_id);
-- Who holds a role, and who sees every project by one, in the order of the lists of who has access.
CREATE INDEX members_by_role ON members (organization_id, role_id, created_at, id) WHERE status <> 'REMOVED';
-- Names of the organization's own roles by key, for the account side, where no tenant row is visible.
ALTER TABLE organization_cards ADD COLUMN role_names jsonb NOT NULL DEFAULT '{}';
`

const TEAMS = `
CREATE TABLE teams (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  slug            text NOT NULL,
  name            text NOT NULL,
  description     text,
  source          text NOT NULL DEFAULT 'MANUAL',
  parent_id       uuid,
  -- From the topmost team down to this one: whoever is in a team is in every team of its path.
  path            uuid[] NOT NULL,
  member_count    integer NOT NULL DEFAULT 0,
  version         integer NOT NULL DEFAULT 1,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  updated_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT teams_slug_key UNIQUE (organization_id, slug),
  CONSTRAINT teams_source_check CHECK (source IN ('MANUAL', 'DIRECTORY')),
  CONSTRAINT teams_depth_check CHECK (cardinality(path) BETWEEN 1 AND 5),
  -- A path ends with its team and names it nowhere else: no team is above itself.
  CONSTRAINT teams_path_check CHECK (
    path[cardinality(path)] = id AND array_position(path, id) = cardinality(path)
    AND parent_id IS NOT DISTINCT FROM path[cardinality(path) - 1]
  ),
  CONSTRAINT teams_member_count_check CHECK (member_count >= 0),
  CONSTRAINT teams_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE,
  -- Deferrable for restoring backups, where a team may stand before the one it was moved under.
  CONSTRAINT teams_parent_fkey FOREIGN KEY (organization_id, parent_id) REFERENCES teams (organization_id, id)
    DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX teams_by_name ON teams (organization_id, name, id);
CREATE INDEX teams_by_parent ON teams (organization_id, parent_id);

CREATE TABLE team_members (
  organization_id uuid NOT NULL,
  team_id         uuid NOT NULL,
  member_id       uuid NOT NULL,
  role            text NOT NULL DEFAULT 'MEMBER',
  added_at        timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, team_id, member_id),
  CONSTRAINT team_members_role_check CHECK (role IN ('MEMBER', 'MANAGER')),
  CONSTRAINT team_members_team_fkey FOREIGN KEY (organization_id, team_id)
    REFERENCES teams (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT team_members_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX team_members_by_member ON team_members (organization_id, member_id);
CREATE INDEX team_members_by_added ON team_members (organization_id, team_id, added_at, member_id);
`

const GRANTS = `
-- A grant goes to a member or to a team, and may end by itself.
ALTER TABLE project_grants
  ALTER COLUMN member_id DROP NOT NULL,
  ADD COLUMN team_id uuid,
  ADD COLUMN expires_at timestamptz(3),
  ADD CONSTRAINT project_grants_principal_check CHECK (num_nonnulls(member_id, team_id) = 1),
  ADD CONSTRAINT project_grants_team_key UNIQUE (organization_id, project_id, team_id),
  ADD CONSTRAINT project_grants_team_fkey FOREIGN KEY (organization_id, team_id)
    REFERENCES teams (organization_id, id) ON DELETE CASCADE;
CREATE INDEX project_grants_by_team ON project_grants (organization_id, team_id);
CREATE INDEX project_grants_expiry ON project_grants (expires_at) WHERE expires_at IS NOT NULL;
`

const KEYS = `
-- A program that acts in one project, with a role of its own. It stays when the person who made it leaves.
CREATE TABLE service_accounts (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  project_id      uuid NOT NULL,
  name            text NOT NULL,
  description     text,
  status          text NOT NULL DEFAULT 'ACTIVE',
  role_id         uuid NOT NULL,
  created_by_id   uuid,
  created_by_name text NOT NULL,
  version         integer NOT NULL DEFAULT 1,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  updated_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT service_accounts_name_key UNIQUE (organization_id, project_id, name),
  CONSTRAINT service_accounts_project_key UNIQUE (organization_id, id, project_id),
  CONSTRAINT service_accounts_status_check CHECK (status IN ('ACTIVE', 'DISABLED')),
  CONSTRAINT service_accounts_project_fkey FOREIGN KEY (organization_id, project_id)
    REFERENCES projects (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT service_accounts_role_fkey FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id)
);
CREATE INDEX service_accounts_by_role ON service_accounts (organization_id, role_id);
CREATE INDEX service_accounts_by_project ON service_accounts (organization_id, project_id, id);

-- Exactly one owner: a member (personal), a service account, or a project. project_id is where the key works: for a
-- personal key an optional limit, for the others the project of their owner.
CREATE TABLE api_keys (
  organization_id    uuid NOT NULL,
  id                 uuid NOT NULL,
  token_hash         bytea NOT NULL,
  -- The beginning and the end of the key, so that people recognize it.
  preview            text NOT NULL,
  name               text NOT NULL,
  owner_kind         text NOT NULL,
  member_id          uuid,
  -- As in sessions: a key of a member whose access ended in between does not come back with them.
  member_epoch       integer,
  service_account_id uuid,
  project_id         uuid,
  -- NULL: everything the owner may do, now and later. The keys of a project always name theirs.
  permissions        text[],
  created_by_id      uuid,
  created_by_name    text NOT NULL,
  rotated_from_id    uuid,
  created_at         timestamptz(3) NOT NULL DEFAULT now(),
  expires_at         timestamptz(3),
  -- The latest warning of its end: given when fewer than so many days were left.
  warned_days        integer,
  last_used_at       timestamptz(3),
  last_used_ip       text,
  revoked_at         timestamptz(3),
  revocation_reason  text,
  PRIMARY KEY (organization_id, id),
  CONSTRAINT api_keys_token_hash_key UNIQUE (organization_id, token_hash),
  -- A key is replaced once.
  CONSTRAINT api_keys_rotated_from_key UNIQUE (organization_id, rotated_from_id),
  CONSTRAINT api_keys_owner_check CHECK (
    CASE owner_kind
      WHEN 'MEMBER' THEN member_id IS NOT NULL AND member_epoch IS NOT NULL AND service_account_id IS NULL
      WHEN 'SERVICE_ACCOUNT' THEN service_account_id IS NOT NULL AND project_id IS NOT NULL AND member_id IS NULL
      WHEN 'PROJECT' THEN project_id IS NOT NULL AND permissions IS NOT NULL AND member_id IS NULL AND service_account_id IS NULL
      ELSE false
    END
  ),
  CONSTRAINT api_keys_revocation_check CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL)),
  CONSTRAINT api_keys_revocation_reason_check CHECK (
    revocation_reason IN ('REVOKED', 'ROTATED', 'LEAKED', 'MEMBER_ENDED', 'SERVICE_ACCOUNT_DISABLED')
  ),
  CONSTRAINT api_keys_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT api_keys_service_account_fkey FOREIGN KEY (organization_id, service_account_id, project_id)
    REFERENCES service_accounts (organization_id, id, project_id) ON DELETE CASCADE,
  CONSTRAINT api_keys_project_fkey FOREIGN KEY (organization_id, project_id)
    REFERENCES projects (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX api_keys_by_member ON api_keys (organization_id, member_id) WHERE revoked_at IS NULL;
CREATE INDEX api_keys_by_service_account ON api_keys (organization_id, service_account_id);
CREATE INDEX api_keys_by_project ON api_keys (organization_id, project_id, id);
CREATE INDEX api_keys_expiry ON api_keys (expires_at) WHERE expires_at IS NOT NULL AND revoked_at IS NULL;
-- What lives on of somebody who leaves.
CREATE INDEX api_keys_by_creator ON api_keys (organization_id, created_by_id) WHERE revoked_at IS NULL AND owner_kind <> 'MEMBER';

ALTER TABLE organizations
  -- NULL: keys may live for ever.
  ADD COLUMN api_key_max_lifetime_days integer,
  ADD CONSTRAINT organizations_api_key_max_lifetime_check CHECK (api_key_max_lifetime_days BETWEEN 1 AND 3650);
`

const TENANT_TABLES = ['teams', 'team_members', 'service_accounts', 'api_keys']

const RIGHTS = `
GRANT SELECT, INSERT, UPDATE ON platform_permissions TO gatehouse_app;
GRANT SELECT ON platform_permissions TO gatehouse_operator;
-- Workers see and delete grants that ended a day ago, and no others.
GRANT SELECT (organization_id, id, expires_at), DELETE ON project_grants TO gatehouse_operator;
CREATE POLICY installation ON project_grants FOR ALL TO gatehouse_operator
  USING (expires_at < now() - interval '1 day');
-- Workers look for keys that end soon.
GRANT SELECT (organization_id, id, created_at, expires_at, revoked_at, warned_days, rotated_from_id) ON api_keys TO gatehouse_operator;
CREATE POLICY installation ON api_keys FOR SELECT TO gatehouse_operator USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON ${TENANT_TABLES.join(', ')} TO gatehouse_app;
${TENANT_TABLES.map(
  (table) => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ${table} FOR ALL TO gatehouse_app
  USING (organization_id = nullif(current_setting('app.organization', true), '')::uuid)
  WITH CHECK (organization_id = nullif(current_setting('app.organization', true), '')::uuid);`,
).join('')}
`
