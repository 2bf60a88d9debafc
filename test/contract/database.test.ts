import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getMetadataArgsStorage } from 'typeorm'
import { ENTITIES } from '../../src/entities'
import { migrate } from '../../src/platform/database/migrate'
import { APP_ROLE, createDatabase, OPERATOR_ROLE } from '../../src/platform/database-roles'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { openSuperuser, type SuperuserConnection } from '../support/superuser'

const modules = join(__dirname, '../../src/modules')

// docs/adr/0002-data-rules.md: everything else is a tenant table.
const IDENTITY = ['account_sessions', 'identities', 'sign_in_attempts', 'sign_in_codes', 'users']
const LOOKUP = [
  'directory_lookups',
  'invitation_addresses',
  'organization_cards',
  'organization_slugs',
  'sso_provider_lookups',
  'user_join_requests',
  'user_memberships',
  'verified_domains',
]
const INSTALLATION = ['installation', 'platform_permissions', 'saml_request_keys', 'schema_migrations', 'signing_keys']
const OUTSIDE = new Set([...IDENTITY, ...LOOKUP, ...INSTALLATION])
// The record outlives what it records, so these refer to nothing.
const OUTLIVE_THE_ORGANIZATION = ['audit_event_targets', 'audit_events', 'outbox_messages']
// The tenant itself.
const ROOT = 'organizations'
// Read and written by named statements only, or kept for what comes later.
const WITHOUT_ENTITY = new Set([
  ...OUTSIDE,
  'api_keys',
  'audit_event_targets',
  'audit_events',
  'break_glass_admins',
  'directories',
  'directory_conflicts',
  'directory_counters',
  'directory_group_members',
  'directory_group_nestings',
  'directory_group_rules',
  'directory_groups',
  'directory_user_values',
  'directory_users',
  'domains',
  'invitations',
  'join_requests',
  'member_search_texts',
  'member_tombstones',
  'membership_mode_switch_members',
  'membership_mode_switches',
  'organization_counter_lanes',
  'outbox_messages',
  'recovery_codes',
  'refresh_tokens',
  'scim_requests',
  'scim_tokens',
  'service_accounts',
  'session_codes',
  'setup_links',
  'sso_attempts',
  'sso_certificates',
  'sso_group_mappings',
  'sso_identities',
  'sso_providers',
  'sso_refusals',
  'sso_test_runs',
  'sso_used_messages',
  'team_members',
  'teams',
])

const OPERATOR_GRANTS = [
  'api_keys SELECT (created_at, expires_at, id, organization_id, revoked_at, rotated_from_id, warned_days)',
  'audit_event_targets SELECT',
  'audit_events SELECT',
  'audit_events UPDATE (hash, sequence)',
  'domains SELECT',
  'member_search_texts SELECT',
  'members SELECT',
  'membership_mode_switches SELECT (grace_ends_at, id, organization_id, reverted_at, settled_at, to_mode)',
  'organization_cards SELECT',
  'organization_counter_lanes SELECT',
  'organization_counters SELECT',
  'organization_sessions DELETE',
  'organization_sessions SELECT',
  'organization_sessions UPDATE (revoked_at)',
  'organization_slugs SELECT',
  'organizations SELECT',
  'outbox_messages DELETE',
  'outbox_messages SELECT',
  'outbox_messages UPDATE (attempts, available_at, delivered_at, failed_at, last_error, sealed)',
  'platform_permissions SELECT',
  'project_grants DELETE',
  'project_grants SELECT (expires_at, id, organization_id)',
  'refresh_tokens DELETE',
  'refresh_tokens SELECT',
  'refresh_tokens UPDATE (revoked_at)',
  'roles SELECT',
  'scim_requests DELETE',
  'scim_requests SELECT (at, directory_id, id, organization_id)',
  'scim_tokens SELECT (directory_id, expires_at, id, organization_id, revoked_at, warned_days)',
  'session_codes DELETE',
  'session_codes SELECT (expires_at, id, organization_id)',
  'sso_attempts DELETE',
  'sso_attempts SELECT (expires_at, id, organization_id)',
  'sso_certificates SELECT (id, not_after, organization_id, sso_provider_id, status, warned_days)',
  'sso_identities SELECT (has_refresh, id, last_used_at, organization_id, rechecked_at, sso_provider_id)',
  'sso_providers SELECT (id, organization_id, rechecks_access, status)',
  'sso_test_runs SELECT (findings, started_at)',
  'sso_test_runs UPDATE (findings)',
  'sso_used_messages DELETE',
  'sso_used_messages SELECT (expires_at, message_id, organization_id, sso_provider_id)',
  'user_memberships SELECT',
  'users SELECT',
]

const COLUMNS = `
SELECT c.relname AS table, a.attname AS column, a.attnotnull AS "notNull", format_type(a.atttypid, a.atttypmod) AS type
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2`

const CONSTRAINTS = `
SELECT conrelid::regclass::text AS table, conname AS name, contype AS kind, pg_get_constraintdef(oid) AS definition,
  confrelid::regclass::text AS target
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2`

const INDEXES = `SELECT tablename AS table, indexname AS name, indexdef AS definition FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2`

const POLICIES = `
SELECT tablename AS table, policyname AS name, cmd, roles::text[] AS roles, qual, with_check AS "withCheck", permissive
FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2`

describe('the database', () => {
  let gatehouse: Gatehouse
  let superuser: SuperuserConnection
  let tables: { name: string; enabled: boolean; forced: boolean }[]

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    superuser = gatehouse.superuser
    tables = await superuser.rows(
      `SELECT relname AS name, relrowsecurity AS enabled, relforcerowsecurity AS forced FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`,
    )
  })
  afterAll(() => gatehouse.close())

  const tenantTables = () => tables.filter(({ name }) => !OUTSIDE.has(name))

  it('knows which tables stand outside the organizations', () => {
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining([...OUTSIDE]))
    expect(tenantTables().length).toBeGreaterThanOrEqual(10)
  })

  it('forces row-level security on every tenant table, with a policy that checks both ways', async () => {
    const policies = await superuser.rows<{
      table: string
      cmd: string
      roles: string[]
      qual: string
      withCheck: string
    }>(POLICIES)
    for (const { name, enabled, forced } of tenantTables()) {
      const own = policies.filter(({ table, roles }) => table === name && !roles.includes(OPERATOR_ROLE))
      const rule = "(organization_id = (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid)"
      expect([name, enabled, forced, own]).toEqual([
        name,
        true,
        true,
        [expect.objectContaining({ cmd: 'ALL', roles: [APP_ROLE], qual: rule, withCheck: rule })],
      ])
    }
  })

  it('begins every key of a tenant table with organization_id', async () => {
    const indexes = await superuser.rows<{ table: string; name: string; definition: string }>(INDEXES)
    for (const { name } of tenantTables()) {
      const unique = indexes.filter(({ table, definition }) => table === name && definition.startsWith('CREATE UNIQUE'))
      expect(unique.length).toBeGreaterThan(0)
      const others = unique.filter(({ definition }) => !/\(organization_id[,)]/.test(definition))
      expect([name, others]).toEqual([name, []])
    }
  })

  it('begins every reference between tenant tables with organization_id, and leaves no tenant table without one', async () => {
    const constraints = await superuser.rows<{ table: string; kind: string; definition: string; target: string }>(
      CONSTRAINTS,
    )
    for (const { name } of tenantTables()) {
      const references = constraints.filter(({ table, kind }) => table === name && kind === 'f')
      const others = references.filter(
        ({ definition }) =>
          !/^FOREIGN KEY \(organization_id[,)].* REFERENCES \w+\(organization_id[,)]/.test(definition),
      )
      expect([name, others]).toEqual([name, []])
      const isOnItsOwn = name === ROOT || OUTLIVE_THE_ORGANIZATION.includes(name)
      expect([name, references.length === 0]).toEqual([name, isOnItsOwn])
    }
  })

  it('is told what members are found by wherever they are inserted, since no trigger does it', () => {
    const stores = readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    const counts = stores
      .map((name) => readFileSync(join(modules, name), 'utf8'))
      .map((text) => [text.split('INSERT INTO members (').length - 1, text.split('${searchable(').length - 1] as const)
      .filter(([inserts]) => inserts > 0)
    expect(counts.length).toBeGreaterThanOrEqual(2)
    for (const [inserts, texts] of counts) expect(texts).toBeGreaterThanOrEqual(inserts)
  })

  it('has no trigger, and no sequence but that of the migrations', async () => {
    expect(await superuser.rows('SELECT tgname FROM pg_trigger WHERE NOT tgisinternal')).toEqual([])
    const sequences = await superuser.rows<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace",
    )
    expect(sequences.map(({ name }) => name)).toEqual(['schema_migrations_id_seq'])
  })

  it('is met by roles that cannot bypass anything', async () => {
    const roles = await superuser.rows(
      `SELECT rolname AS name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = ANY($1) ORDER BY 1`,
      [[APP_ROLE, OPERATOR_ROLE]],
    )
    const powerless = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }
    expect(roles).toEqual([
      { name: APP_ROLE, ...powerless },
      { name: OPERATOR_ROLE, ...powerless },
    ])
    const owned = await superuser.rows(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) = ANY($1)`,
      [[APP_ROLE, OPERATOR_ROLE]],
    )
    expect(owned).toEqual([])
  })

  it('gives the role of workers and operator lists exactly what it needs', async () => {
    const grants = await superuser.rows<{ grant: string }>(
      `SELECT table_name || ' ' || privilege_type AS grant FROM information_schema.role_table_grants WHERE grantee = $1
       UNION
       SELECT table_name || ' ' || privilege_type || ' (' || string_agg(column_name, ', ' ORDER BY column_name::text) || ')'
       FROM information_schema.role_column_grants c WHERE grantee = $1 AND NOT EXISTS (
         SELECT FROM information_schema.role_table_grants t
         WHERE t.grantee = c.grantee AND t.table_name = c.table_name AND t.privilege_type = c.privilege_type)
       GROUP BY table_name, privilege_type`,
      [OPERATOR_ROLE],
    )
    expect(grants.map(({ grant }) => grant).sort()).toEqual([...OPERATOR_GRANTS].sort())
  })

  it('has the columns of every entity, as nullable as they are', async () => {
    const columns = await superuser.rows<{ table: string; column: string; notNull: boolean; type: string }>(COLUMNS)
    for (const entity of ENTITIES) {
      const { tableName, columns: mapped } = gatehouse.database.dataSource.getMetadata(entity)
      for (const { databaseName, isNullable, type, isArray } of mapped) {
        const found = columns.find(({ table, column }) => table === tableName && column === databaseName)
        const base = found?.type.replace(/\(\d+\)| with time zone|\[\]/g, '').replace('timestamp', 'timestamptz')
        expect([
          tableName,
          databaseName,
          found && { isNullable: !found.notNull, type: base, isArray: found.type.endsWith('[]') },
        ]).toEqual([tableName, databaseName, { isNullable, type, isArray }])
      }
    }
  })

  it('has an entity for every table but those on the list', () => {
    const mapped = new Set(getMetadataArgsStorage().tables.map(({ name }) => name))
    expect(tables.map(({ name }) => name).filter((name) => !mapped.has(name) && !WITHOUT_ENTITY.has(name))).toEqual([])
  })

  it('is the same whenever it is migrated from nothing', async () => {
    const name = `again_${process.pid}`
    const url = gatehouse.testDatabase.superuserUrl
    await createDatabase(url, name)
    const database = (text: string) => text.replace(/test_\d+_[0-9a-f]+/, name)
    await migrate(database(gatehouse.testDatabase.ownerUrl))
    const again = await openSuperuser(database(url))
    try {
      for (const sql of [COLUMNS, CONSTRAINTS, INDEXES, POLICIES])
        expect(await again.rows(sql)).toEqual(await superuser.rows(sql))
      expect(await migrate(database(gatehouse.testDatabase.ownerUrl))).toEqual([])
    } finally {
      await again.close()
      await superuser.rows(`DROP DATABASE ${name} WITH (FORCE)`)
    }
  })
})
