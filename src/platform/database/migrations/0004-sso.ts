import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Signing in through the company: connections, domains, switching the membership mode, tokens (docs/adr/0014-single-sign-on.md). */
export class Sso0004 implements MigrationInterface {
  readonly name = 'Sso1790000000004'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [DOMAINS, CONNECTIONS, SIGN_IN, MODE, TOKENS, RIGHTS]) await runner.query(part)
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forwards: restore a backup instead.')
  }
}

const DOMAINS = `
-- A domain that an organization claims. What makes a proven one unique across organizations is the primary key of
-- verified_domains, written in the transaction that proves it.
CREATE TABLE domains (
  organization_id  uuid NOT NULL,
  id               uuid NOT NULL,
  -- A-labels, lower case (RFC 5890).
  name             text NOT NULL,
  status           text NOT NULL DEFAULT 'PENDING',
  join_policy      text NOT NULL DEFAULT 'NONE',
  -- The value of the TXT record: 160 random bits, of this organization and domain alone.
  challenge        text NOT NULL,
  verified_at      timestamptz(3),
  last_checked_at  timestamptz(3),
  last_check_error text,
  -- Since when the record of a proven domain is missing.
  failing_since    timestamptz(3),
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT domains_name_key UNIQUE (organization_id, name),
  CONSTRAINT domains_status_check CHECK (status IN ('PENDING', 'VERIFIED', 'FAILED')),
  CONSTRAINT domains_verified_check CHECK ((status = 'VERIFIED') = (verified_at IS NOT NULL)),
  CONSTRAINT domains_join_policy_check CHECK (join_policy IN ('NONE', 'REQUEST')),
  CONSTRAINT domains_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE
);
CREATE INDEX domains_due ON domains (last_checked_at) WHERE status = 'VERIFIED';
-- Proven, and its people may ask to be let in: for the account side, where no tenant row is visible.
ALTER TABLE verified_domains ADD COLUMN may_ask boolean NOT NULL DEFAULT false;

-- Somebody with a verified address of a proven domain asks to be let in.
CREATE TABLE join_requests (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  user_id         uuid NOT NULL,
  name            text NOT NULL,
  email           text NOT NULL,
  domain          text NOT NULL,
  message         text,
  status          text NOT NULL DEFAULT 'PENDING',
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  decided_at      timestamptz(3),
  decided_by_id   uuid,
  decided_by_name text,
  PRIMARY KEY (organization_id, id),
  CONSTRAINT join_requests_status_check CHECK (status IN ('PENDING', 'APPROVED', 'DECLINED', 'CANCELLED')),
  CONSTRAINT join_requests_decided_check CHECK ((status = 'PENDING') = (decided_at IS NULL)),
  CONSTRAINT join_requests_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX join_requests_one_pending ON join_requests (organization_id, user_id) WHERE status = 'PENDING';
CREATE INDEX join_requests_by_created ON join_requests (organization_id, created_at, id);

-- The account side of a person's newest request to each organization.
CREATE TABLE user_join_requests (
  user_id         uuid NOT NULL,
  organization_id uuid NOT NULL,
  join_request_id uuid NOT NULL,
  domain          text NOT NULL,
  message         text,
  status          text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  decided_at      timestamptz(3),
  PRIMARY KEY (user_id, organization_id),
  CONSTRAINT user_join_requests_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX user_join_requests_organization ON user_join_requests (organization_id);
`

const CONNECTIONS = `
-- One OIDC or SAML connection. An active one carries the mode: with the foreign key below, none can be active in an
-- organization whose members come by invitation. What changes a connection in use waits in pending_* for its test.
CREATE TABLE sso_providers (
  organization_id          uuid NOT NULL,
  id                       uuid NOT NULL,
  organization_mode        text,
  name                     text NOT NULL,
  vendor                   text NOT NULL,
  protocol                 text NOT NULL,
  status                   text NOT NULL DEFAULT 'DRAFT',
  -- OIDC: issuer, client id, endpoints as discovered. SAML: entity id, sign-in URL, options. No secrets.
  settings                 jsonb NOT NULL,
  -- The OIDC client secret, sealed for sso_providers/<organization>/<id>/client_secret.
  sealed_secret            bytea,
  pending_settings         jsonb,
  pending_sealed_secret    bytea,
  -- SHA-256 over settings, secret and certificates: what a passed test was a test of.
  settings_digest          bytea NOT NULL,
  tested_digest            bytea,
  attribute_mapping        jsonb NOT NULL DEFAULT '{}',
  -- Which claim or attribute is the subject; frozen once somebody has signed in.
  subject_source           text,
  default_role_id          uuid NOT NULL,
  just_in_time             boolean NOT NULL DEFAULT true,
  -- People whose address is of no proven domain may come in.
  allows_other_domains     boolean NOT NULL DEFAULT false,
  allows_idp_initiated     boolean NOT NULL DEFAULT false,
  -- For OIDC with refresh tokens: ask the provider again in the background.
  rechecks_access          boolean NOT NULL DEFAULT false,
  session_lifetime_minutes integer NOT NULL DEFAULT 720,
  version                  integer NOT NULL DEFAULT 1,
  last_sign_in_at          timestamptz(3),
  created_at               timestamptz(3) NOT NULL DEFAULT now(),
  updated_at               timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT sso_providers_name_key UNIQUE (organization_id, name),
  CONSTRAINT sso_providers_vendor_check CHECK (vendor IN ('OKTA', 'ENTRA', 'GOOGLE', 'JUMPCLOUD', 'ONELOGIN', 'PING', 'KEYCLOAK', 'DEMO', 'OTHER')),
  CONSTRAINT sso_providers_protocol_check CHECK (protocol IN ('OIDC', 'SAML')),
  CONSTRAINT sso_providers_status_check CHECK (status IN ('DRAFT', 'TESTED', 'ACTIVE', 'DISABLED')),
  CONSTRAINT sso_providers_mode_check CHECK (organization_mode = 'SSO'),
  CONSTRAINT sso_providers_active_check CHECK ((status = 'ACTIVE') = (organization_mode IS NOT NULL)),
  -- Nothing is active, or ready to be, that has not passed a sign-in with exactly these settings.
  CONSTRAINT sso_providers_tested_check CHECK (
    status NOT IN ('TESTED', 'ACTIVE') OR tested_digest IS NOT DISTINCT FROM settings_digest
  ),
  CONSTRAINT sso_providers_lifetime_check CHECK (session_lifetime_minutes BETWEEN 5 AND 43200),
  CONSTRAINT sso_providers_organization_mode_fkey FOREIGN KEY (organization_id, organization_mode)
    REFERENCES organizations (organization_id, membership_mode) ON DELETE CASCADE,
  CONSTRAINT sso_providers_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE,
  CONSTRAINT sso_providers_default_role_fkey FOREIGN KEY (organization_id, default_role_id)
    REFERENCES roles (organization_id, id)
);

-- Signing certificates of a SAML identity provider: stored by us, never taken from a message or from tenant metadata.
CREATE TABLE sso_certificates (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  sso_provider_id uuid NOT NULL,
  -- SHA-256 over the DER, hex.
  fingerprint     text NOT NULL,
  -- DER in base64, without line breaks.
  certificate     text NOT NULL,
  subject         text NOT NULL,
  status          text NOT NULL DEFAULT 'ACTIVE',
  not_before      timestamptz(3) NOT NULL,
  not_after       timestamptz(3) NOT NULL,
  -- The last of 60, 30 and 7 days ahead of which Admins were warned.
  warned_days     integer,
  last_used_at    timestamptz(3),
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT sso_certificates_fingerprint_key UNIQUE (organization_id, sso_provider_id, fingerprint),
  CONSTRAINT sso_certificates_status_check CHECK (status IN ('ACTIVE', 'NEXT', 'RETIRED')),
  CONSTRAINT sso_certificates_provider_fkey FOREIGN KEY (organization_id, sso_provider_id)
    REFERENCES sso_providers (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX sso_certificates_expiry ON sso_certificates (not_after) WHERE status <> 'RETIRED';

-- Groups at the identity provider that give a role here; everything not listed is ignored.
CREATE TABLE sso_group_mappings (
  organization_id uuid NOT NULL,
  sso_provider_id uuid NOT NULL,
  group_name      text NOT NULL,
  position        integer NOT NULL,
  role_id         uuid,
  team_id         uuid,
  PRIMARY KEY (organization_id, sso_provider_id, group_name),
  CONSTRAINT sso_group_mappings_target_check CHECK (num_nonnulls(role_id, team_id) = 1),
  CONSTRAINT sso_group_mappings_provider_fkey FOREIGN KEY (organization_id, sso_provider_id)
    REFERENCES sso_providers (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT sso_group_mappings_role_fkey FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id),
  CONSTRAINT sso_group_mappings_team_fkey FOREIGN KEY (organization_id, team_id)
    REFERENCES teams (organization_id, id) ON DELETE CASCADE
);

-- A live sign-in that tests a connection, step by step.
CREATE TABLE sso_test_runs (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  sso_provider_id uuid NOT NULL,
  settings_digest bytea NOT NULL,
  status          text NOT NULL DEFAULT 'WAITING',
  steps           jsonb NOT NULL DEFAULT '[]',
  -- Claims and the profile they were mapped to; wiped after a day.
  findings        jsonb,
  started_by_id   uuid,
  started_by_name text NOT NULL,
  started_at      timestamptz(3) NOT NULL DEFAULT now(),
  finished_at     timestamptz(3),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT sso_test_runs_status_check CHECK (status IN ('WAITING', 'PASSED', 'FAILED')),
  CONSTRAINT sso_test_runs_provider_fkey FOREIGN KEY (organization_id, sso_provider_id)
    REFERENCES sso_providers (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX sso_test_runs_by_provider ON sso_test_runs (organization_id, sso_provider_id, started_at);
`

const SIGN_IN = `
-- (connection, subject) is the person; an address never is.
CREATE TABLE sso_identities (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  sso_provider_id uuid NOT NULL,
  subject         text NOT NULL,
  subject_format  text,
  member_id       uuid NOT NULL,
  user_id         uuid NOT NULL,
  -- What the provider says; shown, never used to find anybody.
  email           text,
  name            text,
  -- For rechecks_access, sealed for sso_identities/<organization>/<id>/refresh_token.
  sealed_refresh  bytea,
  has_refresh     boolean NOT NULL GENERATED ALWAYS AS (sealed_refresh IS NOT NULL) STORED,
  rechecked_at    timestamptz(3),
  -- What the connection's mappings gave last. Only that is taken back by them; what people gave stays.
  given_role_id   uuid,
  given_team_ids  uuid[] NOT NULL DEFAULT '{}',
  linked_at       timestamptz(3) NOT NULL DEFAULT now(),
  last_used_at    timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT sso_identities_subject_key UNIQUE (organization_id, sso_provider_id, subject),
  CONSTRAINT sso_identities_provider_fkey FOREIGN KEY (organization_id, sso_provider_id)
    REFERENCES sso_providers (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT sso_identities_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX sso_identities_to_recheck ON sso_identities (organization_id, sso_provider_id) WHERE has_refresh;
CREATE INDEX sso_identities_by_member ON sso_identities (organization_id, member_id);

-- Who was removed does not come back by signing in: for the person and for the subject.
CREATE TABLE member_tombstones (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  member_id       uuid NOT NULL,
  user_id         uuid,
  sso_provider_id uuid,
  subject         text,
  reason          text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  lifted_at       timestamptz(3),
  lifted_by_name  text,
  PRIMARY KEY (organization_id, id),
  CONSTRAINT member_tombstones_reason_check CHECK (reason IN ('ADMIN', 'DIRECTORY')),
  CONSTRAINT member_tombstones_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX member_tombstones_one_standing ON member_tombstones (organization_id, member_id, sso_provider_id, subject)
  NULLS NOT DISTINCT WHERE lifted_at IS NULL;
CREATE INDEX member_tombstones_by_created ON member_tombstones (organization_id, created_at, id)
  WHERE lifted_at IS NULL AND sso_provider_id IS NULL;
CREATE INDEX member_tombstones_by_user ON member_tombstones (organization_id, user_id) WHERE lifted_at IS NULL;
CREATE INDEX member_tombstones_by_subject ON member_tombstones (organization_id, sso_provider_id, subject) WHERE lifted_at IS NULL;

-- One sign-in on its way to an identity provider and back: bound to the browser that began it, used once.
CREATE TABLE sso_attempts (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  sso_provider_id uuid NOT NULL,
  intent          text NOT NULL,
  browser_hash    bytea NOT NULL,
  -- OIDC: SHA-256 of state. SAML: SHA-256 of the request's id.
  request_hash    bytea NOT NULL,
  -- Nonce and PKCE verifier, sealed for sso_attempts/<organization>/<id>.
  sealed          bytea,
  settings_digest bytea NOT NULL,
  -- SAML: what the provider has posted, verified and sealed, until the browser of the sign-in fetches it.
  sealed_answer   bytea,
  test_run_id     uuid,
  -- The member who links a sign-in to their membership.
  link_member_id  uuid,
  return_to       text NOT NULL,
  -- A frontend on another origin: allowed return URL and its PKCE challenge.
  app_return_url  text,
  app_challenge   text,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  expires_at      timestamptz(3) NOT NULL,
  used_at         timestamptz(3),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT sso_attempts_request_key UNIQUE (organization_id, request_hash),
  CONSTRAINT sso_attempts_intent_check CHECK (intent IN ('SIGN_IN', 'TEST', 'LINK')),
  CONSTRAINT sso_attempts_provider_fkey FOREIGN KEY (organization_id, sso_provider_id)
    REFERENCES sso_providers (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX sso_attempts_expiry ON sso_attempts (expires_at);

-- Sign-ins that were refused, for Admins to read; only the newest of each connection are kept.
CREATE TABLE sso_refusals (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  sso_provider_id uuid NOT NULL,
  code            text NOT NULL,
  detail          text NOT NULL,
  -- Whom the provider named, where it got so far.
  subject         text,
  email           text,
  ip              text,
  request_id      text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT sso_refusals_provider_fkey FOREIGN KEY (organization_id, sso_provider_id)
    REFERENCES sso_providers (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX sso_refusals_by_provider ON sso_refusals (organization_id, sso_provider_id, id);

-- The key with which this installation signs SAML requests, where a provider wants that; made when first needed.
CREATE TABLE saml_request_keys (
  id             text PRIMARY KEY,
  -- DER in base64, as identity providers are given it.
  certificate    text NOT NULL,
  -- PKCS #8, sealed for saml_request_keys/<id>.
  sealed_private bytea NOT NULL,
  created_at     timestamptz(3) NOT NULL DEFAULT now()
);

-- Assertions and logout tokens that were used, until they expire by themselves: nothing is taken twice.
CREATE TABLE sso_used_messages (
  organization_id uuid NOT NULL,
  sso_provider_id uuid NOT NULL,
  message_id      text NOT NULL,
  expires_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, sso_provider_id, message_id),
  CONSTRAINT sso_used_messages_provider_fkey FOREIGN KEY (organization_id, sso_provider_id)
    REFERENCES sso_providers (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX sso_used_messages_expiry ON sso_used_messages (expires_at);

-- A one-time code with which a frontend on another origin gets the session of a finished sign-in.
CREATE TABLE session_codes (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  code_hash       bytea NOT NULL,
  challenge       text NOT NULL,
  return_url      text NOT NULL,
  member_id       uuid NOT NULL,
  sso_identity_id uuid NOT NULL,
  session_limits  jsonb NOT NULL,
  expires_at      timestamptz(3) NOT NULL,
  used_at         timestamptz(3),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT session_codes_code_hash_key UNIQUE (organization_id, code_hash),
  CONSTRAINT session_codes_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT session_codes_identity_fkey FOREIGN KEY (organization_id, sso_identity_id)
    REFERENCES sso_identities (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX session_codes_expiry ON session_codes (expires_at);

ALTER TABLE organization_sessions
  ADD COLUMN sso_provider_id uuid,
  ADD COLUMN sso_identity_id uuid,
  -- The provider's name of its own session (sid of OIDC, SessionIndex of SAML), for logout.
  ADD COLUMN idp_session     text,
  ADD COLUMN authenticated_at timestamptz(3),
  -- With which a sign-out reaches the provider; sealed for organization_sessions/<organization>/<id>/id_token.
  ADD COLUMN sealed_id_token  bytea,
  ADD CONSTRAINT organization_sessions_provider_fkey FOREIGN KEY (organization_id, sso_provider_id)
    REFERENCES sso_providers (organization_id, id) ON DELETE CASCADE,
  ADD CONSTRAINT organization_sessions_identity_fkey FOREIGN KEY (organization_id, sso_identity_id)
    REFERENCES sso_identities (organization_id, id) ON DELETE CASCADE;
CREATE INDEX organization_sessions_by_identity ON organization_sessions (organization_id, sso_identity_id) WHERE revoked_at IS NULL;
CREATE INDEX organization_sessions_by_provider ON organization_sessions (organization_id, sso_provider_id) WHERE revoked_at IS NULL;
-- The organization in whose company session a member has connected this way to sign in. One of a user at most: from then on
-- the account itself proves who adds another, and no company does.
ALTER TABLE identities ADD COLUMN connected_in uuid;
CREATE UNIQUE INDEX identities_one_connected ON identities (user_id) WHERE connected_in IS NOT NULL;
-- Where somebody connects it; the account that links is link_user_id.
ALTER TABLE sign_in_attempts ADD COLUMN link_organization_id uuid;
ALTER TABLE sign_in_codes ADD COLUMN link_organization_id uuid;
ALTER TABLE organizations
  -- Exact origins or URLs to which a sign-in may return.
  ADD COLUMN return_urls text[] NOT NULL DEFAULT '{}';
`

const MODE = `
-- One switch of the membership mode, with everything needed to go back.
CREATE TABLE membership_mode_switches (
  organization_id  uuid NOT NULL,
  id               uuid NOT NULL,
  from_mode        text NOT NULL,
  to_mode          text NOT NULL,
  started_by_id    uuid,
  started_by_name  text NOT NULL,
  started_at       timestamptz(3) NOT NULL DEFAULT now(),
  revertible_until timestamptz(3) NOT NULL,
  reverted_at      timestamptz(3),
  -- Until when members are to link their new way to sign in; those who have not are suspended then.
  grace_ends_at    timestamptz(3),
  -- When the last of them was.
  settled_at       timestamptz(3),
  -- Connections and directories that it stopped or started.
  providers        jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (organization_id, id),
  CONSTRAINT membership_mode_switches_modes_check CHECK (from_mode <> to_mode AND from_mode IN ('INVITATION', 'SSO') AND to_mode IN ('INVITATION', 'SSO')),
  CONSTRAINT membership_mode_switches_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE
);
CREATE INDEX membership_mode_switches_by_start ON membership_mode_switches (organization_id, started_at);
CREATE INDEX membership_mode_switches_grace ON membership_mode_switches (grace_ends_at)
  WHERE settled_at IS NULL AND reverted_at IS NULL;
-- For the account side: how the organization is entered.
ALTER TABLE organization_cards ADD COLUMN membership_mode text NOT NULL DEFAULT 'INVITATION';

-- What a switch has taken from one member, and what the member was before.
CREATE TABLE membership_mode_switch_members (
  organization_id uuid NOT NULL,
  switch_id       uuid NOT NULL,
  member_id       uuid NOT NULL,
  outcome         text NOT NULL,
  status_before   text NOT NULL,
  role_id_before  uuid NOT NULL,
  -- Of a revoked invitation: when it would have expired, and the grants and teams that were prepared with it.
  prepared        jsonb,
  PRIMARY KEY (organization_id, switch_id, member_id),
  CONSTRAINT membership_mode_switch_members_outcome_check CHECK (outcome IN ('KEEP', 'MUST_LINK_IDENTITY', 'LOSES_ACCESS', 'BREAK_GLASS', 'INVITATION_REVOKED', 'UNAFFECTED')),
  CONSTRAINT membership_mode_switch_members_switch_fkey FOREIGN KEY (organization_id, switch_id)
    REFERENCES membership_mode_switches (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT membership_mode_switch_members_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE
);

-- The few Admins who keep another way in while members come by SSO.
CREATE TABLE break_glass_admins (
  organization_id uuid NOT NULL,
  member_id       uuid NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  -- Wrong codes since failing_since; both begin anew after a while, and after a right one.
  failures        integer NOT NULL DEFAULT 0,
  failing_since   timestamptz(3),
  PRIMARY KEY (organization_id, member_id),
  CONSTRAINT break_glass_admins_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES members (organization_id, id) ON DELETE CASCADE
);

-- Their codes; each works once.
CREATE TABLE recovery_codes (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  member_id       uuid NOT NULL,
  code_hash       bytea NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  used_at         timestamptz(3),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT recovery_codes_code_hash_key UNIQUE (organization_id, code_hash),
  CONSTRAINT recovery_codes_member_fkey FOREIGN KEY (organization_id, member_id)
    REFERENCES break_glass_admins (organization_id, member_id) ON DELETE CASCADE
);
CREATE INDEX recovery_codes_by_member ON recovery_codes (organization_id, member_id);

-- A link with which somebody who is not a member sets up SSO, provisioning or domains, and nothing else; in an
-- organization that begins in SSO mode it brings in the first Admin.
CREATE TABLE setup_links (
  organization_id  uuid NOT NULL,
  id               uuid NOT NULL,
  token_hash       bytea NOT NULL,
  intents          text[] NOT NULL,
  first_admin_email text,
  created_by_id    uuid,
  created_by_name  text NOT NULL,
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  expires_at       timestamptz(3) NOT NULL,
  last_used_at     timestamptz(3),
  revoked_at       timestamptz(3),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT setup_links_token_hash_key UNIQUE (organization_id, token_hash),
  CONSTRAINT setup_links_intents_check CHECK (intents <@ ARRAY['SSO', 'DIRECTORY', 'DOMAINS'] AND cardinality(intents) >= 1),
  CONSTRAINT setup_links_organization_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (organization_id) ON DELETE CASCADE
);
`

const TOKENS = `
-- Keys that sign tokens for applications. Of the installation; private parts sealed for signing_keys/<id>.
CREATE TABLE signing_keys (
  id             text PRIMARY KEY,
  algorithm      text NOT NULL,
  public_key     jsonb NOT NULL,
  sealed_private bytea NOT NULL,
  status         text NOT NULL,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  activated_at   timestamptz(3),
  retired_at     timestamptz(3),
  CONSTRAINT signing_keys_status_check CHECK (status IN ('NEXT', 'ACTIVE', 'RETIRED')),
  CONSTRAINT signing_keys_algorithm_check CHECK (algorithm IN ('ES256', 'EdDSA'))
);
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (algorithm) WHERE status = 'ACTIVE';
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (algorithm) WHERE status = 'NEXT';

-- Rotating refresh tokens: one that is used twice ends its whole family.
CREATE TABLE refresh_tokens (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  family_id       uuid NOT NULL,
  token_hash      bytea NOT NULL,
  session_id      uuid NOT NULL,
  audience        text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  expires_at      timestamptz(3) NOT NULL,
  used_at         timestamptz(3),
  revoked_at      timestamptz(3),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT refresh_tokens_token_hash_key UNIQUE (organization_id, token_hash),
  CONSTRAINT refresh_tokens_session_fkey FOREIGN KEY (organization_id, session_id)
    REFERENCES organization_sessions (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (organization_id, session_id);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (organization_id, family_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);
`

const TENANT_TABLES = [
  'domains',
  'join_requests',
  'sso_providers',
  'sso_certificates',
  'sso_group_mappings',
  'sso_test_runs',
  'sso_identities',
  'member_tombstones',
  'sso_attempts',
  'sso_used_messages',
  'sso_refusals',
  'session_codes',
  'membership_mode_switches',
  'membership_mode_switch_members',
  'break_glass_admins',
  'recovery_codes',
  'setup_links',
  'refresh_tokens',
]

const RIGHTS = `
GRANT SELECT ON domains TO gatehouse_operator;
GRANT SELECT (organization_id, id, sso_provider_id, status, not_after, warned_days) ON sso_certificates TO gatehouse_operator;
GRANT SELECT (findings, started_at), UPDATE (findings) ON sso_test_runs TO gatehouse_operator;
GRANT SELECT (organization_id, id, status, rechecks_access) ON sso_providers TO gatehouse_operator;
GRANT SELECT (organization_id, id, sso_provider_id, has_refresh, rechecked_at, last_used_at) ON sso_identities TO gatehouse_operator;
GRANT SELECT, UPDATE (revoked_at), DELETE ON refresh_tokens TO gatehouse_operator;
GRANT SELECT (organization_id, id, to_mode, grace_ends_at, settled_at, reverted_at) ON membership_mode_switches TO gatehouse_operator;
GRANT SELECT (organization_id, id, expires_at), DELETE ON sso_attempts, session_codes TO gatehouse_operator;
GRANT SELECT (organization_id, sso_provider_id, message_id, expires_at), DELETE ON sso_used_messages TO gatehouse_operator;
GRANT SELECT, INSERT ON saml_request_keys TO gatehouse_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON user_join_requests, signing_keys, ${TENANT_TABLES.join(', ')} TO gatehouse_app;
${TENANT_TABLES.map(
  (table) => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ${table} FOR ALL TO gatehouse_app
  USING (organization_id = nullif(current_setting('app.organization', true), '')::uuid)
  WITH CHECK (organization_id = nullif(current_setting('app.organization', true), '')::uuid);`,
).join('')}
CREATE POLICY installation ON domains FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY installation ON sso_certificates FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY installation ON membership_mode_switches FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY installation ON sso_providers FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY installation ON sso_identities FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY installation ON refresh_tokens FOR ALL TO gatehouse_operator USING (true) WITH CHECK (true);
CREATE POLICY installation ON sso_attempts FOR ALL TO gatehouse_operator USING (true);
CREATE POLICY installation ON session_codes FOR ALL TO gatehouse_operator USING (true);
CREATE POLICY installation ON sso_used_messages FOR ALL TO gatehouse_operator USING (true);
CREATE POLICY installation ON sso_test_runs FOR ALL TO gatehouse_operator USING (true) WITH CHECK (true);
`
