import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The first schema. Three groups of tables (docs/adr/0002-data-rules.md):
 *   identity  people and their account sessions: no tenant, outside row-level security, reached by exact key
 *   lookup    a value → its organization, and what a person may see of organizations from outside
 *   tenant    organization_id first in every key; row-level security forced
 */
export class Organizations0001 implements MigrationInterface {
  // TypeORM orders migrations by the 13 digits at the end.
  readonly name = 'Organizations1790000000001'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [INSTALLATION, IDENTITY, LOOKUP, TENANT, SPINE, RIGHTS]) await runner.query(part)
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forwards: restore a backup instead.')
  }
}

const INSTALLATION = `
-- One row. members' exclusive_membership references it, so the rule cannot be changed under existing memberships
-- that break it, whatever the code does.
CREATE TABLE installation (
  singleton            boolean PRIMARY KEY DEFAULT true,
  exclusive_membership boolean NOT NULL,
  created_at           timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT installation_is_one_row CHECK (singleton),
  CONSTRAINT installation_exclusive_membership_key UNIQUE (exclusive_membership)
);
`

const IDENTITY = `
CREATE TABLE users (
  id          uuid PRIMARY KEY,
  name        text NOT NULL,
  email       text NOT NULL,
  avatar_url  text,
  disabled_at timestamptz(3),
  created_at  timestamptz(3) NOT NULL DEFAULT now(),
  updated_at  timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX users_email ON users (email, id);

-- (provider, subject) identifies a person; the e-mail never does.
CREATE TABLE identities (
  id              uuid PRIMARY KEY,
  user_id         uuid NOT NULL,
  provider        text NOT NULL,
  subject         text NOT NULL,
  email           text,
  verified_emails text[] NOT NULL DEFAULT '{}',
  linked_at       timestamptz(3) NOT NULL DEFAULT now(),
  last_used_at    timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT identities_provider_check CHECK (provider IN ('EMAIL', 'GOOGLE', 'GITHUB', 'LOCAL')),
  CONSTRAINT identities_provider_subject_key UNIQUE (provider, subject),
  CONSTRAINT identities_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX identities_user ON identities (user_id);

CREATE TABLE account_sessions (
  id             uuid PRIMARY KEY,
  token_hash     bytea NOT NULL,
  user_id        uuid NOT NULL,
  identity_id    uuid NOT NULL,
  provider       text NOT NULL,
  ip             text,
  user_agent     text,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  last_active_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at     timestamptz(3) NOT NULL,
  revoked_at     timestamptz(3),
  CONSTRAINT account_sessions_token_hash_key UNIQUE (token_hash),
  CONSTRAINT account_sessions_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT account_sessions_identity_fkey FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE
);
CREATE INDEX account_sessions_user ON account_sessions (user_id) WHERE revoked_at IS NULL;
CREATE INDEX account_sessions_expiry ON account_sessions (expires_at);

-- One sign-in on its way: bound to the browser that began it, used once, short-lived.
CREATE TABLE sign_in_attempts (
  id            uuid PRIMARY KEY,
  provider      text NOT NULL,
  browser_hash  bytea NOT NULL,
  state_hash    bytea NOT NULL,
  sealed        bytea NOT NULL,
  return_to     text NOT NULL,
  link_user_id  uuid,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  expires_at    timestamptz(3) NOT NULL,
  used_at       timestamptz(3),
  CONSTRAINT sign_in_attempts_state_hash_key UNIQUE (state_hash)
);
CREATE INDEX sign_in_attempts_expiry ON sign_in_attempts (expires_at);

CREATE TABLE sign_in_codes (
  id           uuid PRIMARY KEY,
  email        text NOT NULL,
  browser_hash bytea NOT NULL,
  code_hash    bytea NOT NULL,
  return_to    text NOT NULL,
  link_user_id uuid,
  attempts     integer NOT NULL DEFAULT 0,
  created_at   timestamptz(3) NOT NULL DEFAULT now(),
  expires_at   timestamptz(3) NOT NULL,
  used_at      timestamptz(3),
  CONSTRAINT sign_in_codes_attempts_check CHECK (attempts <= 5)
);
CREATE INDEX sign_in_codes_email ON sign_in_codes (email, created_at);
CREATE INDEX sign_in_codes_expiry ON sign_in_codes (expires_at);
`

const LOOKUP = `
-- A value → its organization. The primary key is what makes slugs (and later domains) unique across organizations.
CREATE TABLE organization_slugs (
  slug            text PRIMARY KEY,
  organization_id uuid NOT NULL,
  CONSTRAINT organization_slugs_format_check CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$')
);
CREATE INDEX organization_slugs_organization ON organization_slugs (organization_id);

CREATE TABLE verified_domains (
  domain          text PRIMARY KEY,
  organization_id uuid NOT NULL
);

CREATE TABLE sso_provider_lookups (
  sso_provider_id uuid PRIMARY KEY,
  organization_id uuid NOT NULL
);

CREATE TABLE directory_lookups (
  directory_id    uuid PRIMARY KEY,
  organization_id uuid NOT NULL
);

-- What a member may see of an organization from the account side, where no tenant row is visible.
CREATE TABLE organization_cards (
  organization_id        uuid PRIMARY KEY,
  slug                   text NOT NULL,
  name                   text NOT NULL,
  logo_url               text,
  status                 text NOT NULL,
  deletion_scheduled_for timestamptz(3)
);

-- "My organizations". Kept in the transaction of the member row it mirrors; JOINED and SUSPENDED members only.
CREATE TABLE user_memberships (
  user_id              uuid NOT NULL,
  organization_id      uuid NOT NULL,
  member_id            uuid NOT NULL,
  status               text NOT NULL,
  role_key             text NOT NULL,
  exclusive_membership boolean NOT NULL,
  joined_at            timestamptz(3) NOT NULL,
  PRIMARY KEY (user_id, organization_id),
  CONSTRAINT user_memberships_status_check CHECK (status IN ('JOINED', 'SUSPENDED')),
  CONSTRAINT user_memberships_user_fkey FOREIGN KEY (user_id) REFERENCES users (id),
  CONSTRAINT user_memberships_exclusive_fkey FOREIGN KEY (exclusive_membership)
    REFERENCES installation (exclusive_membership) ON UPDATE CASCADE
);
CREATE UNIQUE INDEX user_memberships_one_organization ON user_memberships (user_id) WHERE exclusive_membership;
CREATE INDEX user_memberships_organization ON user_memberships (organization_id);

-- Pending invitations by address, with what the person who signs in with it is shown of them.
CREATE TABLE invitation_addresses (
  email           text NOT NULL,
  organization_id uuid NOT NULL,
  invitation_id   uuid NOT NULL,
  invited_by_name text NOT NULL,
  role_name       text NOT NULL,
  expires_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (email, organization_id)
);
CREATE INDEX invitation_addresses_organization ON invitation_addresses (organization_id);
`

const TENANT = `
CREATE TABLE organizations (
  organization_id          uuid PRIMARY KEY,
  slug                     text NOT NULL,
  name                     text NOT NULL,
  description              text,
  logo_url                 text,
  billing_email            text NOT NULL,
  status                   text NOT NULL DEFAULT 'ACTIVE',
  membership_mode          text NOT NULL DEFAULT 'INVITATION',
  invitation_lifetime_days integer NOT NULL DEFAULT 7,
  invitation_domains       text[] NOT NULL DEFAULT '{}',
  deletion_requested_at    timestamptz(3),
  deletion_scheduled_for   timestamptz(3),
  version                  integer NOT NULL DEFAULT 1,
  created_at               timestamptz(3) NOT NULL DEFAULT now(),
  updated_at               timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT organizations_membership_mode_key UNIQUE (organization_id, membership_mode),
  CONSTRAINT organizations_status_check CHECK (status IN ('ACTIVE', 'PENDING_DELETION')),
  CONSTRAINT organizations_membership_mode_check CHECK (membership_mode IN ('INVITATION', 'SSO')),
  CONSTRAINT organizations_invitation_lifetime_check CHECK (invitation_lifetime_days BETWEEN 1 AND 30),
  CONSTRAINT organizations_deletion_check CHECK ((status = 'PENDING_DELETION') = (deletion_scheduled_for IS NOT NULL))
);
CREATE INDEX organizations_name ON organizations (name, organization_id);
CREATE INDEX organizations_created_at ON organizations (created_at, organization_id);
CREATE INDEX organizations_deletion ON organizations (deletion_scheduled_for) WHERE status = 'PENDING_DELETION';

-- Counters live apart and are updated last, so that the organization row is not written on every join.
CREATE TABLE organization_counters (
  organization_id  uuid PRIMARY KEY,
  joined           integer NOT NULL DEFAULT 0,
  invited          integer NOT NULL DEFAULT 0,
  suspended        integer NOT NULL DEFAULT 0,
  admins           integer NOT NULL DEFAULT 0,
  adminless_since  timestamptz(3),
  projects         integer NOT NULL DEFAULT 0,
  invitation_quota integer NOT NULL DEFAULT 1000,
  CONSTRAINT organization_counters_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE,
  CONSTRAINT organization_counters_not_negative CHECK (invited >= 0 AND projects >= 0),
  CONSTRAINT organization_counters_keep_an_admin CHECK (admins >= 1 OR adminless_since IS NOT NULL),
  CONSTRAINT organization_counters_invitation_quota CHECK (invited <= invitation_quota)
);

-- More of joined and suspended, which no constraint bounds: each connection adds to a lane of its own, so that people
-- of one organization come and go without waiting for each other's commits (docs/adr/0005-locks-and-counters.md). How
-- many there are is the sum of the row above and the lanes; each of them alone may be negative.
CREATE TABLE organization_counter_lanes (
  organization_id uuid NOT NULL,
  lane            smallint NOT NULL,
  joined          integer NOT NULL DEFAULT 0,
  suspended       integer NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, lane),
  CONSTRAINT organization_counter_lanes_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE
);

CREATE TABLE roles (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  scope           text NOT NULL,
  key             text NOT NULL,
  name            text NOT NULL,
  description     text,
  is_system       boolean NOT NULL DEFAULT false,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT roles_scope_key UNIQUE (organization_id, scope, key),
  CONSTRAINT roles_scope_check CHECK (scope IN ('ORGANIZATION', 'PROJECT')),
  CONSTRAINT roles_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE
);

-- A member exists from the invitation on. Rows stay as REMOVED, so that audit, return and revert work.
CREATE TABLE members (
  organization_id   uuid NOT NULL,
  id                uuid NOT NULL,
  user_id           uuid,
  email             text NOT NULL,
  -- A column of its own: under row-level security only leakproof operators on plain columns reach an index.
  email_domain      text NOT NULL GENERATED ALWAYS AS (split_part(email, '@', 2)) STORED,
  name              text NOT NULL DEFAULT '',
  avatar_url        text,
  status            text NOT NULL,
  source            text NOT NULL,
  role_id           uuid NOT NULL,
  epoch             integer NOT NULL DEFAULT 1,
  suspension_reason text,
  joined_at         timestamptz(3),
  suspended_at      timestamptz(3),
  removed_at        timestamptz(3),
  last_active_at    timestamptz(3),
  version           integer NOT NULL DEFAULT 1,
  created_at        timestamptz(3) NOT NULL DEFAULT now(),
  updated_at        timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT members_status_check CHECK (status IN ('INVITED', 'JOINED', 'SUSPENDED', 'REMOVED')),
  CONSTRAINT members_source_check CHECK (source IN ('FOUNDER', 'INVITATION', 'ADMIN', 'SSO', 'SCIM', 'JOIN_REQUEST')),
  CONSTRAINT members_user_check CHECK (user_id IS NOT NULL OR status IN ('INVITED', 'REMOVED')),
  CONSTRAINT members_suspension_check CHECK ((status = 'SUSPENDED') = (suspended_at IS NOT NULL)),
  CONSTRAINT members_role_fkey FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id),
  CONSTRAINT members_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX members_one_per_user ON members (organization_id, user_id) WHERE status <> 'REMOVED';
CREATE UNIQUE INDEX members_one_per_email ON members (organization_id, email) WHERE status <> 'REMOVED';
-- CASE and not coalesce, which PostgreSQL holds for leaky: under row-level security it would not reach the index.
CREATE INDEX members_by_joined ON members (organization_id, (CASE WHEN joined_at IS NULL THEN 'infinity' ELSE joined_at END), id) WHERE status <> 'REMOVED';
CREATE INDEX members_by_name ON members (organization_id, name, id) WHERE status <> 'REMOVED';
CREATE INDEX members_by_email ON members (organization_id, email, id) WHERE status <> 'REMOVED';
CREATE INDEX members_by_last_active ON members (organization_id, (CASE WHEN last_active_at IS NULL THEN '-infinity' ELSE last_active_at END), id) WHERE status <> 'REMOVED';
CREATE INDEX members_by_domain ON members (organization_id, email_domain) WHERE status <> 'REMOVED';
CREATE INDEX members_by_status ON members (organization_id, status, created_at, id);

CREATE TABLE invitations (
  organization_id   uuid NOT NULL,
  id                uuid NOT NULL,
  member_id         uuid NOT NULL,
  email             text NOT NULL,
  status            text NOT NULL DEFAULT 'PENDING',
  -- Carries the mode while pending and NULL afterwards: with the foreign key below, no invitation can be pending in
  -- an organization whose members come by SSO.
  organization_mode text,
  token_hash        bytea,
  message           text,
  invited_by_id     uuid,
  invited_by_name   text NOT NULL,
  send_email        boolean NOT NULL DEFAULT true,
  send_count        integer NOT NULL DEFAULT 0,
  last_sent_at      timestamptz(3),
  delivery_error    text,
  created_at        timestamptz(3) NOT NULL DEFAULT now(),
  expires_at        timestamptz(3) NOT NULL,
  decided_at        timestamptz(3),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT invitations_status_check CHECK (status IN ('PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED')),
  CONSTRAINT invitations_mode_check CHECK (organization_mode = 'INVITATION'),
  CONSTRAINT invitations_pending_check CHECK ((status = 'PENDING') = (organization_mode IS NOT NULL)),
  CONSTRAINT invitations_token_hash_key UNIQUE (organization_id, token_hash),
  CONSTRAINT invitations_organization_mode_fkey FOREIGN KEY (organization_id, organization_mode)
    REFERENCES organizations (organization_id, membership_mode),
  CONSTRAINT invitations_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX invitations_one_pending_per_email ON invitations (organization_id, email) WHERE status = 'PENDING';
CREATE INDEX invitations_by_created ON invitations (organization_id, created_at, id);
CREATE INDEX invitations_by_member ON invitations (organization_id, member_id);

CREATE TABLE projects (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  slug            text NOT NULL,
  name            text NOT NULL,
  description     text,
  is_default      boolean NOT NULL DEFAULT false,
  status          text NOT NULL DEFAULT 'ACTIVE',
  created_by_id   uuid,
  created_by_name text NOT NULL,
  version         integer NOT NULL DEFAULT 1,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  updated_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT projects_slug_key UNIQUE (organization_id, slug),
  CONSTRAINT projects_status_check CHECK (status IN ('ACTIVE', 'ARCHIVED')),
  CONSTRAINT projects_default_is_active CHECK (status = 'ACTIVE' OR NOT is_default),
  CONSTRAINT projects_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX projects_one_default ON projects (organization_id) WHERE is_default;
CREATE INDEX projects_by_created ON projects (organization_id, created_at, id);

-- A role in a project given to a member. Every joined member is in the default project without a row
-- (docs/adr/0006-default-project.md); a row there only adds a role.
CREATE TABLE project_grants (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  project_id      uuid NOT NULL,
  member_id       uuid NOT NULL,
  role_id         uuid NOT NULL,
  granted_by_id   uuid,
  granted_by_name text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT project_grants_member_key UNIQUE (organization_id, project_id, member_id),
  CONSTRAINT project_grants_project_fkey FOREIGN KEY (organization_id, project_id)
    REFERENCES projects (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT project_grants_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT project_grants_role_fkey FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id)
);
CREATE INDEX project_grants_by_member ON project_grants (organization_id, member_id);

-- A session that is valid for exactly one organization. It dies with the member's epoch.
CREATE TABLE organization_sessions (
  organization_id    uuid NOT NULL,
  id                 uuid NOT NULL,
  token_hash         bytea NOT NULL,
  member_id          uuid NOT NULL,
  member_epoch       integer NOT NULL,
  user_id            uuid NOT NULL,
  account_session_id uuid,
  provider           text NOT NULL,
  ip                 text,
  user_agent         text,
  created_at         timestamptz(3) NOT NULL DEFAULT now(),
  last_active_at     timestamptz(3) NOT NULL DEFAULT now(),
  expires_at         timestamptz(3) NOT NULL,
  revoked_at         timestamptz(3),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT organization_sessions_token_hash_key UNIQUE (organization_id, token_hash),
  CONSTRAINT organization_sessions_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_sessions_by_member ON organization_sessions (organization_id, member_id) WHERE revoked_at IS NULL;
CREATE INDEX organization_sessions_by_account_session ON organization_sessions (account_session_id) WHERE revoked_at IS NULL;
CREATE INDEX organization_sessions_by_user ON organization_sessions (user_id) WHERE revoked_at IS NULL;
CREATE INDEX organization_sessions_expiry ON organization_sessions (expires_at);
`

const SPINE = `
-- Written in the transaction of the change; chained by one sealer afterwards (docs/adr/0004-audit-chain.md).
-- No foreign key to organizations: the record outlives what it records. The installation's own events stand under
-- the nil UUID.
CREATE TABLE audit_events (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  at              timestamptz(3) NOT NULL DEFAULT now(),
  action          text NOT NULL,
  actor_kind      text NOT NULL,
  actor_id        text,
  request_id      text,
  target_ids      text[] NOT NULL DEFAULT '{}',
  -- Personal data stands apart and enters the hash only as a salted digest, so that a person can be erased.
  details         jsonb NOT NULL DEFAULT '{}',
  salt            bytea NOT NULL,
  details_digest  bytea NOT NULL,
  sequence        bigint,
  hash            bytea,
  PRIMARY KEY (organization_id, id),
  CONSTRAINT audit_events_sealed_check CHECK ((sequence IS NULL) = (hash IS NULL))
);
CREATE UNIQUE INDEX audit_events_sequence_key ON audit_events (organization_id, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX audit_events_unsealed ON audit_events (organization_id, id) WHERE sequence IS NULL;
CREATE INDEX audit_events_by_action ON audit_events (organization_id, action, id);
CREATE INDEX audit_events_by_actor ON audit_events (organization_id, actor_id, id);

-- target_ids once more, a row each: under row-level security no index serves an array, whose operators are not leakproof.
CREATE TABLE audit_event_targets (
  organization_id uuid NOT NULL,
  target_id       text NOT NULL,
  event_id        uuid NOT NULL,
  PRIMARY KEY (organization_id, target_id, event_id)
);

CREATE TABLE outbox_messages (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  kind            text NOT NULL,
  destination     text NOT NULL,
  payload         jsonb NOT NULL,
  -- A secret the message must carry (an invitation link, a code): sealed, and wiped once sent.
  sealed          bytea,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  available_at    timestamptz(3) NOT NULL DEFAULT now(),
  attempts        integer NOT NULL DEFAULT 0,
  last_error      text,
  delivered_at    timestamptz(3),
  failed_at       timestamptz(3),
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX outbox_messages_due ON outbox_messages (available_at) WHERE delivered_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_messages_done ON outbox_messages (coalesce(delivered_at, failed_at))
  WHERE coalesce(delivered_at, failed_at) IS NOT NULL;
`

const TENANT_TABLES = [
  'organizations',
  'organization_counters',
  'organization_counter_lanes',
  'roles',
  'members',
  'invitations',
  'projects',
  'project_grants',
  'organization_sessions',
  'audit_events',
  'audit_event_targets',
  'outbox_messages',
]

const ISOLATION = TENANT_TABLES.map(
  (table) => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ${table} FOR ALL TO gatehouse_app
  USING (organization_id = nullif(current_setting('app.organization', true), '')::uuid)
  WITH CHECK (organization_id = nullif(current_setting('app.organization', true), '')::uuid);`,
).join('')

const RIGHTS = `
GRANT SELECT ON schema_migrations TO gatehouse_app;
GRANT SELECT, UPDATE ON installation TO gatehouse_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON users, identities, account_sessions, sign_in_attempts, sign_in_codes,
  organization_slugs, verified_domains, sso_provider_lookups, directory_lookups, organization_cards, user_memberships,
  invitation_addresses TO gatehouse_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON organizations, organization_counters, organization_counter_lanes, roles, members,
  invitations, projects, project_grants, organization_sessions TO gatehouse_app;
GRANT SELECT, INSERT ON audit_events, audit_event_targets TO gatehouse_app;
GRANT SELECT, INSERT, UPDATE ON outbox_messages TO gatehouse_app;
${ISOLATION}

-- What workers and the operator's lists may do across organizations, and nothing else.
GRANT SELECT ON organizations, organization_counters, organization_counter_lanes, organization_slugs, organization_cards,
  user_memberships, users, members, roles TO gatehouse_operator;
GRANT SELECT, UPDATE (revoked_at), DELETE ON organization_sessions TO gatehouse_operator;
GRANT SELECT, DELETE ON outbox_messages TO gatehouse_operator;
GRANT UPDATE (available_at, attempts, last_error, delivered_at, failed_at, sealed) ON outbox_messages TO gatehouse_operator;
GRANT SELECT, UPDATE (sequence, hash) ON audit_events TO gatehouse_operator;
GRANT SELECT ON audit_event_targets TO gatehouse_operator;
CREATE POLICY installation ON organizations FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY installation ON organization_counters FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY installation ON organization_counter_lanes FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY installation ON members FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY installation ON roles FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY installation ON organization_sessions FOR ALL TO gatehouse_operator USING (true) WITH CHECK (true);
CREATE POLICY installation ON outbox_messages FOR ALL TO gatehouse_operator USING (true) WITH CHECK (true);
CREATE POLICY installation ON audit_events FOR ALL TO gatehouse_operator USING (true) WITH CHECK (true);
CREATE POLICY installation ON audit_event_targets FOR SELECT TO gatehouse_operator USING (true);

INSERT INTO installation (exclusive_membership) VALUES (false);
`
