import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Directories: what identity providers push by SCIM 2.0, and what became of it (docs/adr/0017-directories.md). */
export class Scim0005 implements MigrationInterface {
  readonly name = 'Scim1790000000005'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [DIRECTORIES, USERS, GROUPS, CONFLICTS, REQUESTS, RIGHTS, STATISTICS]) await runner.query(part)
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forwards: restore a backup instead.')
  }
}

const DIRECTORIES = `
-- One SCIM connection. Whatever may change members carries the mode: with the foreign key below, no directory is at
-- work in an organization whose members come by invitation. One that is paused, or only rehearses, is none of that.
CREATE TABLE directories (
  organization_id         uuid NOT NULL,
  id                      uuid NOT NULL,
  organization_mode       text,
  name                    text NOT NULL,
  vendor                  text NOT NULL,
  -- WAITING until the first request with a valid token; PAUSED answers 403 and changes nothing.
  status                  text NOT NULL DEFAULT 'WAITING',
  -- Computes and logs what each request would change, answers as if it had, and changes nothing.
  is_dry_run              boolean NOT NULL DEFAULT false,
  -- For conformance: takes nothing that the RFCs do not allow. Lenient takes what vendors really send.
  is_strict               boolean NOT NULL DEFAULT false,
  -- The organization role of people to whom no rule gives one.
  default_role_id         uuid NOT NULL,
  -- What DELETE of a user does to the member; active: false always suspends.
  deprovision_action      text NOT NULL DEFAULT 'REMOVE',
  -- A pushed person whose address is of a proven domain takes over the member with that address. Otherwise, and for
  -- other addresses, an Admin confirms it (directory_conflicts).
  adopts_verified_domains boolean NOT NULL DEFAULT true,
  -- What of a sign-in names the person of the directory, in the order in which it is tried.
  link_keys               text[] NOT NULL DEFAULT '{EXTERNAL_ID,USER_NAME}',
  version                 integer NOT NULL DEFAULT 1,
  -- Written behind the answers, at most once in ten seconds.
  last_request_at         timestamptz(3),
  created_at              timestamptz(3) NOT NULL DEFAULT now(),
  updated_at              timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT directories_name_key UNIQUE (organization_id, name),
  CONSTRAINT directories_vendor_check CHECK (vendor IN ('OKTA', 'ENTRA', 'GOOGLE', 'JUMPCLOUD', 'ONELOGIN', 'PING', 'KEYCLOAK', 'DEMO', 'OTHER')),
  CONSTRAINT directories_status_check CHECK (status IN ('WAITING', 'ACTIVE', 'PAUSED')),
  CONSTRAINT directories_mode_check CHECK (organization_mode = 'SSO'),
  CONSTRAINT directories_at_work_check CHECK ((status <> 'PAUSED' AND NOT is_dry_run) = (organization_mode IS NOT NULL)),
  CONSTRAINT directories_deprovision_check CHECK (deprovision_action IN ('SUSPEND', 'REMOVE')),
  CONSTRAINT directories_link_keys_check CHECK (link_keys <@ ARRAY['EXTERNAL_ID', 'USER_NAME', 'EMAIL']),
  CONSTRAINT directories_organization_mode_fkey FOREIGN KEY (organization_id, organization_mode)
    REFERENCES organizations (organization_id, membership_mode) ON DELETE CASCADE,
  CONSTRAINT directories_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE,
  CONSTRAINT directories_default_role_fkey FOREIGN KEY (organization_id, default_role_id)
    REFERENCES roles (organization_id, id)
);

-- How much a directory holds: the sum of the lanes, as in organization_counter_lanes. Updated last.
CREATE TABLE directory_counters (
  organization_id uuid NOT NULL,
  directory_id    uuid NOT NULL,
  lane            smallint NOT NULL DEFAULT 0,
  users           integer NOT NULL DEFAULT 0,
  groups          integer NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, directory_id, lane),
  CONSTRAINT directory_counters_directory_fkey FOREIGN KEY (organization_id, directory_id)
    REFERENCES directories (organization_id, id) ON DELETE CASCADE
);

-- Bearer tokens of a directory. Two may be live at once, for rotation: each takes one of two places.
CREATE TABLE scim_tokens (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  directory_id    uuid NOT NULL,
  token_hash      bytea NOT NULL,
  -- The beginning and the end of the token, so that people recognize it.
  preview         text NOT NULL,
  place           smallint NOT NULL,
  created_by_id   uuid,
  created_by_name text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  -- RFC 7644 §7.4: a limited lifetime. Long, with warnings, since nobody renews it by machine.
  expires_at      timestamptz(3) NOT NULL,
  -- The last of 60, 30 and 7 days ahead of which Admins were warned.
  warned_days     integer,
  -- Written behind the answers, at most once in ten seconds.
  last_used_at    timestamptz(3),
  last_used_ip    text,
  revoked_at      timestamptz(3),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT scim_tokens_token_hash_key UNIQUE (organization_id, token_hash),
  CONSTRAINT scim_tokens_place_check CHECK (place IN (1, 2)),
  CONSTRAINT scim_tokens_directory_fkey FOREIGN KEY (organization_id, directory_id)
    REFERENCES directories (organization_id, id) ON DELETE CASCADE
);
-- One that has expired keeps its place until it is revoked, which making the next one does.
CREATE UNIQUE INDEX scim_tokens_two_live ON scim_tokens (organization_id, directory_id, place) WHERE revoked_at IS NULL;
CREATE INDEX scim_tokens_expiry ON scim_tokens (expires_at) WHERE revoked_at IS NULL;
`

const USERS = `
-- A SCIM User. Always linked to one member of the organization, which it makes or adopts; hard-deleted by DELETE, the
-- member stays as REMOVED.
CREATE TABLE directory_users (
  organization_id uuid NOT NULL,
  directory_id    uuid NOT NULL,
  id              uuid NOT NULL,
  user_name       text NOT NULL,
  -- scim/protocol caseKey of user_name, made by the application.
  user_name_key   text COLLATE "C" NOT NULL,
  -- The client's own id, to the letter; not unique (RFC 7643 §3.1).
  external_id     text COLLATE "C",
  active          boolean NOT NULL,
  member_id       uuid NOT NULL,
  -- The member was there before the directory.
  is_adopted      boolean NOT NULL DEFAULT false,
  -- The organization role that the directory's rules give now; NULL: none of them does, and people may set it by hand.
  given_role_id   uuid,
  -- The resource as the client wrote it, in the schema's spelling: without id, meta, groups and whatever else is computed.
  -- json and not jsonb: it is stored and sent as it is, and only looked into to be changed.
  doc             json NOT NULL,
  -- The same in comparable form, for filters and sorting: caseKey of texts that are not caseExact, instants as milliseconds.
  comparable      jsonb NOT NULL,
  -- The ETag W/"version".
  version         integer NOT NULL DEFAULT 1,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  -- meta.lastModified: changes with the version and never otherwise.
  updated_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, directory_id, id),
  CONSTRAINT directory_users_user_name_key UNIQUE (organization_id, directory_id, user_name_key),
  -- One member is one person of one directory.
  CONSTRAINT directory_users_member_key UNIQUE (organization_id, member_id),
  CONSTRAINT directory_users_directory_fkey FOREIGN KEY (organization_id, directory_id)
    REFERENCES directories (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT directory_users_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT directory_users_given_role_fkey FOREIGN KEY (organization_id, given_role_id)
    REFERENCES roles (organization_id, id)
);
CREATE INDEX directory_users_inactive ON directory_users (organization_id, directory_id, user_name_key) WHERE NOT active;
CREATE INDEX directory_users_by_external_id ON directory_users (organization_id, directory_id, external_id);
CREATE INDEX directory_users_by_updated ON directory_users (organization_id, directory_id, updated_at, id);
CREATE INDEX directory_users_by_given_role ON directory_users (organization_id, given_role_id) WHERE given_role_id IS NOT NULL;

-- Elements of multi-valued attributes that clients look people up by: emails and phoneNumbers.
CREATE TABLE directory_user_values (
  organization_id uuid NOT NULL,
  directory_id    uuid NOT NULL,
  user_id         uuid NOT NULL,
  -- As the schema spells it.
  attribute       text NOT NULL,
  position        integer NOT NULL,
  type_key        text COLLATE "C",
  value_key       text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_id, directory_id, user_id, attribute, position),
  CONSTRAINT directory_user_values_user_fkey FOREIGN KEY (organization_id, directory_id, user_id)
    REFERENCES directory_users (organization_id, directory_id, id) ON DELETE CASCADE
);
CREATE INDEX directory_user_values_by_value ON directory_user_values (organization_id, directory_id, attribute, value_key);
`

const GROUPS = `
-- A SCIM Group, mirrored by a team with source DIRECTORY.
CREATE TABLE directory_groups (
  organization_id  uuid NOT NULL,
  directory_id     uuid NOT NULL,
  id               uuid NOT NULL,
  display_name     text NOT NULL,
  -- caseKey of display_name.
  display_name_key text COLLATE "C" NOT NULL,
  external_id      text COLLATE "C",
  -- Direct members, people and groups together; written with them.
  member_count     integer NOT NULL DEFAULT 0,
  -- Everybody in the group and in the groups below it is in the team.
  team_id          uuid NOT NULL,
  version          integer NOT NULL DEFAULT 1,
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  updated_at       timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, directory_id, id),
  CONSTRAINT directory_groups_display_name_key UNIQUE (organization_id, directory_id, display_name_key),
  CONSTRAINT directory_groups_team_key UNIQUE (organization_id, team_id),
  CONSTRAINT directory_groups_member_count_check CHECK (member_count >= 0),
  CONSTRAINT directory_groups_directory_fkey FOREIGN KEY (organization_id, directory_id)
    REFERENCES directories (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT directory_groups_team_fkey FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id)
);
CREATE INDEX directory_groups_by_external_id ON directory_groups (organization_id, directory_id, external_id);
CREATE INDEX directory_groups_by_updated ON directory_groups (organization_id, directory_id, updated_at, id);

-- People that a group names itself.
CREATE TABLE directory_group_members (
  organization_id uuid NOT NULL,
  directory_id    uuid NOT NULL,
  group_id        uuid NOT NULL,
  user_id         uuid NOT NULL,
  PRIMARY KEY (organization_id, directory_id, group_id, user_id),
  CONSTRAINT directory_group_members_group_fkey FOREIGN KEY (organization_id, directory_id, group_id)
    REFERENCES directory_groups (organization_id, directory_id, id) ON DELETE CASCADE,
  CONSTRAINT directory_group_members_user_fkey FOREIGN KEY (organization_id, directory_id, user_id)
    REFERENCES directory_users (organization_id, directory_id, id) ON DELETE CASCADE
);
CREATE INDEX directory_group_members_by_user ON directory_group_members (organization_id, directory_id, user_id, group_id);

-- Groups that a group names as members. No group is below itself, and chains are at most 5 long: kept by the writer,
-- which locks the directory's groups for it.
CREATE TABLE directory_group_nestings (
  organization_id uuid NOT NULL,
  directory_id    uuid NOT NULL,
  group_id        uuid NOT NULL,
  child_id        uuid NOT NULL,
  PRIMARY KEY (organization_id, directory_id, group_id, child_id),
  CONSTRAINT directory_group_nestings_self_check CHECK (group_id <> child_id),
  CONSTRAINT directory_group_nestings_group_fkey FOREIGN KEY (organization_id, directory_id, group_id)
    REFERENCES directory_groups (organization_id, directory_id, id) ON DELETE CASCADE,
  CONSTRAINT directory_group_nestings_child_fkey FOREIGN KEY (organization_id, directory_id, child_id)
    REFERENCES directory_groups (organization_id, directory_id, id) ON DELETE CASCADE
);
CREATE INDEX directory_group_nestings_by_child ON directory_group_nestings (organization_id, directory_id, child_id, group_id);

-- What a group gives, in the order in which it counts: of the organization roles that a person's groups give, the one of
-- the lowest position wins. The other two add up, and hang on the group's team: a grant in a project for that team, a
-- team under which it stands.
CREATE TABLE directory_group_rules (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  directory_id    uuid NOT NULL,
  group_id        uuid NOT NULL,
  position        integer NOT NULL,
  kind            text NOT NULL,
  -- Of ORGANIZATION_ROLE and PROJECT_ROLE.
  role_id         uuid,
  -- Of PROJECT_ROLE. The grant in project_grants has the rule's id.
  project_id      uuid,
  -- Of TEAM: the team above that of the group.
  team_id         uuid,
  created_by_name text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT directory_group_rules_kind_check CHECK (
    CASE kind
      WHEN 'ORGANIZATION_ROLE' THEN role_id IS NOT NULL AND project_id IS NULL AND team_id IS NULL
      WHEN 'PROJECT_ROLE' THEN role_id IS NOT NULL AND project_id IS NOT NULL AND team_id IS NULL
      WHEN 'TEAM' THEN team_id IS NOT NULL AND role_id IS NULL AND project_id IS NULL
      ELSE false
    END
  ),
  CONSTRAINT directory_group_rules_group_fkey FOREIGN KEY (organization_id, directory_id, group_id)
    REFERENCES directory_groups (organization_id, directory_id, id) ON DELETE CASCADE,
  CONSTRAINT directory_group_rules_role_fkey FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id),
  CONSTRAINT directory_group_rules_project_fkey FOREIGN KEY (organization_id, project_id)
    REFERENCES projects (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT directory_group_rules_team_fkey FOREIGN KEY (organization_id, team_id)
    REFERENCES teams (organization_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX directory_group_rules_one_role ON directory_group_rules (organization_id, directory_id, group_id) WHERE kind = 'ORGANIZATION_ROLE';
CREATE UNIQUE INDEX directory_group_rules_one_team ON directory_group_rules (organization_id, directory_id, group_id) WHERE kind = 'TEAM';
CREATE UNIQUE INDEX directory_group_rules_one_per_project ON directory_group_rules (organization_id, directory_id, group_id, project_id) WHERE kind = 'PROJECT_ROLE';
CREATE INDEX directory_group_rules_by_position ON directory_group_rules (organization_id, directory_id, position, id);
CREATE INDEX directory_group_rules_by_role ON directory_group_rules (organization_id, role_id);
`

const CONFLICTS = `
-- A pushed person that matches a member whom the directory may not take over by itself. The client was answered 409
-- uniqueness and tries again; once an Admin has confirmed, the next attempt adopts the member.
CREATE TABLE directory_conflicts (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  directory_id    uuid NOT NULL,
  -- Whom it matches.
  member_id       uuid NOT NULL,
  user_name       text NOT NULL,
  user_name_key   text COLLATE "C" NOT NULL,
  external_id     text,
  -- The address by which it matches, normalized.
  email           text NOT NULL,
  -- The name as pushed, for people to compare.
  name            text NOT NULL,
  -- UNPROVEN_DOMAIN: the address is of no proven domain. CONFIRMATION: the directory adopts nobody by itself.
  -- OTHER_DIRECTORY: another directory provides the member, and no confirmation helps.
  reason          text NOT NULL,
  -- OPEN → CONFIRMED → ADOPTED, or OPEN → REJECTED; an Admin may still change a confirmation or a rejection.
  status          text NOT NULL DEFAULT 'OPEN',
  attempts        integer NOT NULL DEFAULT 1,
  first_seen_at   timestamptz(3) NOT NULL DEFAULT now(),
  last_seen_at    timestamptz(3) NOT NULL DEFAULT now(),
  decided_at      timestamptz(3),
  decided_by_id   uuid,
  decided_by_name text,
  PRIMARY KEY (organization_id, id),
  CONSTRAINT directory_conflicts_reason_check CHECK (reason IN ('UNPROVEN_DOMAIN', 'CONFIRMATION', 'OTHER_DIRECTORY')),
  CONSTRAINT directory_conflicts_status_check CHECK (status IN ('OPEN', 'CONFIRMED', 'REJECTED', 'ADOPTED')),
  CONSTRAINT directory_conflicts_decided_check CHECK ((status IN ('CONFIRMED', 'REJECTED')) <= (decided_at IS NOT NULL)),
  CONSTRAINT directory_conflicts_directory_fkey FOREIGN KEY (organization_id, directory_id)
    REFERENCES directories (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT directory_conflicts_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE
);
-- Retries find the row of the first attempt.
CREATE UNIQUE INDEX directory_conflicts_one_per_match ON directory_conflicts (organization_id, directory_id, user_name_key, member_id) WHERE status <> 'ADOPTED';
CREATE INDEX directory_conflicts_by_status ON directory_conflicts (organization_id, directory_id, status, id);
CREATE INDEX directory_conflicts_by_member ON directory_conflicts (organization_id, member_id);
`

const REQUESTS = `
-- What identity providers asked and were answered, for the customer's own Admins; kept for 30 days. Written behind the
-- answers, in batches. Also requests with a wrong token, under the directory in their path.
CREATE TABLE scim_requests (
  organization_id   uuid NOT NULL,
  -- UUIDv7 of the moment the request came in: the order of the log.
  id                uuid NOT NULL,
  directory_id      uuid NOT NULL,
  at                timestamptz(3) NOT NULL,
  -- As in request_id of audit events.
  request_id        text NOT NULL,
  token_id          uuid,
  token_preview     text,
  method            text NOT NULL,
  -- Below the base URL, with the query; at most 2,000 characters.
  path              text NOT NULL,
  status            integer NOT NULL,
  -- What became of it: OK, CREATED, CHANGED, UNCHANGED, DELETED, DEACTIVATED, REACTIVATED, ADOPTED, CONFLICT, REFUSED, FAILED.
  outcome           text NOT NULL,
  scim_type         text,
  detail            text,
  duration_ms       integer NOT NULL,
  resource_type     text NOT NULL,
  -- The user or group it was about, where one is known; no foreign keys, since the log outlives both.
  directory_user_id  uuid,
  directory_group_id uuid,
  -- The member that was changed.
  member_id         uuid,
  is_dry_run        boolean NOT NULL DEFAULT false,
  -- What it did, or in a dry run would have done: [{action, targets}] as in the audit.
  -- json and not jsonb, here and below: nothing looks into it, and to keep it as it came costs half.
  changes           json NOT NULL DEFAULT '[]',
  -- Without passwords and the like, at most 16 KiB each; NULL for none.
  request_body      json,
  response_body     json,
  user_agent        text,
  ip                text,
  -- One that is looked for by its id alone is looked for in the few directories of its organization.
  PRIMARY KEY (organization_id, directory_id, id),
  CONSTRAINT scim_requests_resource_type_check CHECK (resource_type IN ('USER', 'GROUP', 'OTHER')),
  CONSTRAINT scim_requests_directory_fkey FOREIGN KEY (organization_id, directory_id)
    REFERENCES directories (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX scim_requests_errors ON scim_requests (organization_id, directory_id, id) WHERE status >= 400;
CREATE INDEX scim_requests_by_user ON scim_requests (organization_id, directory_user_id, id) WHERE directory_user_id IS NOT NULL;
CREATE INDEX scim_requests_by_member ON scim_requests (organization_id, member_id, id) WHERE member_id IS NOT NULL;
CREATE INDEX scim_requests_age ON scim_requests (at);
`

const TENANT_TABLES = [
  'directories',
  'directory_counters',
  'scim_tokens',
  'directory_users',
  'directory_user_values',
  'directory_groups',
  'directory_group_members',
  'directory_group_nestings',
  'directory_group_rules',
  'directory_conflicts',
  'scim_requests',
]

const RIGHTS = `
GRANT SELECT, INSERT, UPDATE, DELETE ON ${TENANT_TABLES.join(', ')} TO gatehouse_app;
${TENANT_TABLES.map(
  (table) => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ${table} FOR ALL TO gatehouse_app
  USING (organization_id = nullif(current_setting('app.organization', true), '')::uuid)
  WITH CHECK (organization_id = nullif(current_setting('app.organization', true), '')::uuid);`,
).join('')}
-- Workers warn of tokens that expire, and forget requests of long ago without reading them.
GRANT SELECT (organization_id, id, directory_id, expires_at, revoked_at, warned_days) ON scim_tokens TO gatehouse_operator;
CREATE POLICY installation ON scim_tokens FOR SELECT TO gatehouse_operator USING (true);
GRANT SELECT (organization_id, directory_id, id, at), DELETE ON scim_requests TO gatehouse_operator;
CREATE POLICY installation ON scim_requests FOR ALL TO gatehouse_operator USING (at < now() - interval '30 days');
`

// No plan asks how JSON is distributed, and to compare samples of it is most of what ANALYZE does while a directory pushes.
const STATISTICS = `
ALTER TABLE directory_users ALTER COLUMN doc SET STATISTICS 0, ALTER COLUMN comparable SET STATISTICS 0;
ALTER TABLE audit_events ALTER COLUMN details SET STATISTICS 0;
ALTER TABLE outbox_messages ALTER COLUMN payload SET STATISTICS 0;
`
