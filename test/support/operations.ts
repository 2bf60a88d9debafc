import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { fromTypeId, newId, toTypeId } from '../../src/kernel/ids'
import { makeToken, selfSignedCertificate } from '../../src/platform/crypto'
import {
  type ArrangedDirectory,
  arrangeConflict,
  arrangeDirectory,
  arrangeDirectoryGroup,
  arrangeDirectoryUser,
  arrangeScimRequest,
} from './directories'
import type { Gatehouse } from './gatehouse'
import { arrangeProvider, OIDC_SETTINGS, SAML_SETTINGS } from './sso'
import { memberTypeId, openSession, signUp, type TestOrganization } from './world'

/** One place of the schema that takes arguments or needs a permission, as a document that asks for it alone. */
export interface Operation {
  /** `createProject`, or `Organization.members` for a field below the root. */
  readonly name: string
  readonly kind: 'query' | 'mutation'
  readonly field: GraphQLField<unknown, unknown>
  /** Where its answer stands in `data`. */
  readonly path: readonly string[]
  readonly document: string
}

/** What is done besides whenever one is made, given by its UUID: for callers who are to have something there. */
export interface WhenMade {
  project?(projectId: string): Promise<void>
  team?(teamId: string): Promise<void>
}

/** Makes what an operation works on. Whoever needs something to change or end makes it anew for each call. */
export class Targets {
  #directoryOfPeople: Promise<ArrangedDirectory> | null = null

  constructor(
    private readonly gatehouse: Gatehouse,
    readonly organization: TestOrganization,
    /** Stands in every text of what is made here. */
    private readonly mark: string,
    private readonly whenMade: WhenMade = {},
  ) {}

  async role(scope: 'ORGANIZATION' | 'PROJECT', key: string): Promise<string> {
    return toTypeId(
      'Role',
      await this.#one('SELECT id FROM roles WHERE organization_id = $1 AND scope = $2 AND key = $3', [scope, key]),
    )
  }

  /** A role of the organization's own, which nobody has. */
  async ownRole(): Promise<string> {
    const id = newId()
    await this.#one(
      `INSERT INTO roles (organization_id, id, scope, key, name, description, permissions)
       VALUES ($1, $2, 'ORGANIZATION', $3, $4, $4, '{organization.read}') RETURNING id`,
      [id, `role_${id.slice(-12)}`, this.mark],
    )
    return toTypeId('Role', id)
  }

  async project(): Promise<{ id: string; slug: string }> {
    const id = newId()
    const slug = `p-${id.slice(-12)}`
    await this.#one(
      `INSERT INTO projects (organization_id, id, slug, name, description, created_by_name) VALUES ($1, $2, $3, $4, $4, $4) RETURNING id`,
      [id, slug, `Project ${this.mark}`],
    )
    await this.#count('projects')
    await this.whenMade.project?.(id)
    return { id: toTypeId('Project', id), slug }
  }

  async grant(): Promise<string> {
    const [project, member] = [await this.project(), await this.member()]
    return toTypeId(
      'ProjectGrant',
      await this.#one(
        `INSERT INTO project_grants (organization_id, id, project_id, member_id, role_id, granted_by_name)
         SELECT $1, $2, p.id, m.id, r.id, $5 FROM projects p, members m, roles r
         WHERE p.organization_id = $1 AND p.slug = $3 AND m.organization_id = $1 AND m.email = $4
           AND r.organization_id = $1 AND r.key = 'project_member' RETURNING id`,
        [newId(), project.slug, member.email, this.mark],
      ),
    )
  }

  async ssoProvider(protocol: 'OIDC' | 'SAML' = 'SAML', status = 'DRAFT'): Promise<string> {
    const settings = protocol === 'OIDC' ? OIDC_SETTINGS : SAML_SETTINGS
    const options = { settings, status, name: `Provider ${this.mark} ${newId()}` }
    return (await arrangeProvider(this.gatehouse, this.organization, options)).id
  }

  async certificate(): Promise<string> {
    const provider = fromTypeId('SsoProvider', await this.ssoProvider())
    const id = await this.#one(
      `INSERT INTO sso_certificates (organization_id, id, sso_provider_id, fingerprint, certificate, subject, not_before, not_after)
       VALUES ($1, $2, $3, $4, 'AAAA', $4, now(), now() + interval '1 year') RETURNING id`,
      [newId(), provider, this.mark],
    )
    return toTypeId('Certificate', id)
  }

  async ssoTestRun(): Promise<string> {
    const provider = fromTypeId('SsoProvider', await this.ssoProvider())
    const id = await this.#one(
      `INSERT INTO sso_test_runs (organization_id, id, sso_provider_id, settings_digest, started_by_name)
       VALUES ($1, $2, $3, '\\x00', $4) RETURNING id`,
      [newId(), provider, this.mark],
    )
    return toTypeId('SsoTestRun', id)
  }

  /** A rehearsal: it may stand in any organization. */
  async directory(): Promise<ArrangedDirectory> {
    const options = { isDryRun: true, name: `Directory ${this.mark} ${newId()}` }
    return arrangeDirectory(this.gatehouse, this.organization, options)
  }

  /** All in one directory: an organization has at most 50. */
  async directoryUser(): Promise<{ id: string; memberId: string }> {
    const userName = `${this.mark.toLowerCase()}.${newId()}@example.com`
    this.#directoryOfPeople ??= this.directory()
    return arrangeDirectoryUser(this.gatehouse, await this.#directoryOfPeople, { userName })
  }

  async directoryGroup(): Promise<string> {
    return (await arrangeDirectoryGroup(this.gatehouse, await this.directory(), `Group ${this.mark} ${newId()}`)).id
  }

  async scimRequest(): Promise<string> {
    const path = `/Users?filter=userName eq "${this.mark}"`
    const memberId = fromTypeId('Member', (await this.member()).id)!
    return (await arrangeScimRequest(this.gatehouse, await this.directory(), { path, status: 409, memberId })).id
  }

  async directoryConflict(): Promise<string> {
    const { id, email } = await this.member()
    const member = { memberId: fromTypeId('Member', id)!, email }
    return (await arrangeConflict(this.gatehouse, await this.directory(), member, { name: this.mark })).id
  }

  async scimToken(): Promise<string> {
    const { uuid } = await this.directory()
    return toTypeId(
      'ScimToken',
      await this.#one('SELECT id FROM scim_tokens WHERE organization_id = $1 AND directory_id = $2', [uuid]),
    )
  }

  async setupLink(): Promise<string> {
    const id = await this.#one(
      `INSERT INTO setup_links (organization_id, id, token_hash, intents, created_by_name, expires_at)
       VALUES ($1, $2, $3, '{SSO}', $4, now() + interval '1 day') RETURNING id`,
      [newId(), makeToken('setupLink', this.organization.uuid).hash, this.mark],
    )
    return toTypeId('SetupLink', id)
  }

  /** @returns the id of a request that waits */
  async joinRequest(): Promise<string> {
    const { userId, name, email } = await signUp(this.gatehouse, 'Zoe')
    const id = await this.#one(
      `INSERT INTO join_requests (organization_id, id, user_id, name, email, domain, message)
       VALUES ($1, $2, $3, $4, $5, 'example.com', $6) RETURNING id`,
      [newId(), userId, name, email, this.mark],
    )
    return toTypeId('JoinRequest', id)
  }

  /** @returns the id of a switch that was reverted long ago */
  async modeSwitch(): Promise<string> {
    const id = await this.#one(
      `INSERT INTO membership_mode_switches (organization_id, id, from_mode, to_mode, started_by_name, revertible_until, reverted_at, started_at)
       VALUES ($1, $2, 'INVITATION', 'SSO', $3, now() - interval '1 year', now() - interval '1 year', now() - interval '2 years') RETURNING id`,
      [newId(), this.mark],
    )
    return toTypeId('MembershipModeSwitch', id)
  }

  async serviceAccount(): Promise<string> {
    const [id, project] = [newId(), await this.project()]
    await this.#one(
      `INSERT INTO service_accounts (organization_id, id, project_id, name, description, role_id, created_by_name)
       SELECT $1, $2, p.id, $4, $4, r.id, $4 FROM projects p, roles r
       WHERE p.organization_id = $1 AND p.slug = $3 AND r.organization_id = $1 AND r.key = 'project_member' RETURNING id`,
      [id, project.slug, `Robot ${this.mark}`],
    )
    return toTypeId('ServiceAccount', id)
  }

  /** @returns the id of a domain that is claimed and not proven */
  async domain(): Promise<string> {
    const name = `d${newId().slice(-12)}.example`
    return toTypeId(
      'Domain',
      await this.#one(
        'INSERT INTO domains (organization_id, id, name, challenge) VALUES ($1, $2, $3, $3) RETURNING id',
        [newId(), name],
      ),
    )
  }

  /** @param memberId  TypeID of somebody in it */
  async team(memberId?: string): Promise<string> {
    const id = newId()
    await this.#one(
      'INSERT INTO teams (organization_id, id, slug, name, path) VALUES ($1, $2, $3, $4, ARRAY[$2::uuid]) RETURNING id',
      [id, `t-${id.slice(-12)}`, `Team ${this.mark}`],
    )
    if (memberId) {
      await this.gatehouse.superuser.rows(
        'INSERT INTO team_members (organization_id, team_id, member_id) VALUES ($1, $2, $3)',
        [this.organization.uuid, id, fromTypeId('Member', memberId)],
      )
      await this.gatehouse.superuser.rows('UPDATE teams SET member_count = 1 WHERE id = $1', [id])
    }
    await this.whenMade.team?.(id)
    return toTypeId('Team', id)
  }

  async apiKey(): Promise<string> {
    return (await this.issuedKey()).id
  }

  /** A key of a project, which sees that project. @returns its id and the secret that was shown once */
  async issuedKey(): Promise<{ id: string; token: string }> {
    const [id, project] = [newId(), await this.project()]
    const { token, hash } = makeToken('apiKey', this.organization.uuid)
    await this.#one(
      `INSERT INTO api_keys (organization_id, id, token_hash, preview, name, owner_kind, project_id, permissions, created_by_name)
       SELECT $1, $2, $3, $5, $5, 'PROJECT', p.id, '{project.read}', $5 FROM projects p
       WHERE p.organization_id = $1 AND p.slug = $4 RETURNING id`,
      [id, hash, project.slug, `Key ${this.mark}`],
    )
    return { id: toTypeId('ApiKey', id), token }
  }

  /** A refresh token of a session of a member; of somebody suspended the session counts no more. */
  async refreshToken(status: 'JOINED' | 'SUSPENDED' = 'JOINED'): Promise<string> {
    const memberId = fromTypeId('Member', (await this.member(status)).id)!
    await openSession(this.gatehouse, this.organization.uuid, memberId)
    const { token, hash } = makeToken('refreshToken', this.organization.uuid)
    await this.#one(
      `INSERT INTO refresh_tokens (organization_id, id, family_id, token_hash, session_id, audience, expires_at)
       SELECT $1, $2, $2, $3, id, 'http://localhost:4000', expires_at FROM organization_sessions
       WHERE organization_id = $1 AND member_id = $4 RETURNING id`,
      [newId(), hash, memberId],
    )
    return token
  }

  async member(status: 'JOINED' | 'SUSPENDED' = 'JOINED'): Promise<{ id: string; email: string }> {
    const person = await signUp(this.gatehouse, `Target ${this.mark}`)
    const memberId = newId()
    await this.#one(
      `INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at, suspended_at)
       SELECT $1, $2, $3, $4, $5, $6, 'INVITATION', id, now(), CASE WHEN $6 = 'SUSPENDED' THEN now() END
       FROM roles WHERE organization_id = $1 AND key = 'member' RETURNING id`,
      [memberId, person.userId, person.email, person.name, status],
    )
    await this.gatehouse.superuser.rows(
      `INSERT INTO user_memberships (user_id, organization_id, member_id, status, role_key, exclusive_membership, joined_at)
       SELECT $1, $2, $3, $4, 'member', exclusive_membership, now() FROM installation`,
      [person.userId, this.organization.uuid, memberId, status],
    )
    await this.#count(status === 'JOINED' ? 'joined' : 'suspended')
    return { id: memberTypeId({ memberId }), email: person.email }
  }

  /** @returns the invitation's id and the token of its link */
  async invitation(): Promise<{ id: string; token: string }> {
    const [id, memberId] = [newId(), newId()]
    const email = `invited.${this.mark.toLowerCase()}.${id}@example.com`
    const { token, hash } = makeToken('invitation', this.organization.uuid)
    await this.#one(
      `INSERT INTO members (organization_id, id, email, name, status, source, role_id)
       SELECT $1, $2, $3, $4, 'INVITED', 'INVITATION', id FROM roles WHERE organization_id = $1 AND key = 'member' RETURNING id`,
      [memberId, email, this.mark],
    )
    await this.#one(
      `INSERT INTO invitations (organization_id, id, member_id, email, organization_mode, token_hash, invited_by_name, expires_at)
       VALUES ($1, $2, $3, $4, 'INVITATION', $5, $6, now() + interval '7 days') RETURNING id`,
      [id, memberId, email, hash, this.mark],
    )
    await this.gatehouse.superuser.rows(
      `INSERT INTO invitation_addresses (email, organization_id, invitation_id, invited_by_name, role_name, expires_at)
       VALUES ($1, $2, $3, $4, 'Member', now() + interval '7 days')`,
      [email, this.organization.uuid, id, this.mark],
    )
    await this.#count('invited')
    return { id: toTypeId('Invitation', id), token }
  }

  async user(): Promise<string> {
    return toTypeId('User', (await signUp(this.gatehouse, 'Somebody Else')).userId)
  }

  async auditEvent(): Promise<string> {
    return toTypeId('AuditEvent', await this.#one('SELECT id FROM audit_events WHERE organization_id = $1 LIMIT 1', []))
  }

  async #one(sql: string, values: unknown[]): Promise<string> {
    const [row] = await this.gatehouse.superuser.rows<{ id: string }>(sql, [this.organization.uuid, ...values])
    if (!row) throw new Error(`Nothing came of: ${sql}`)
    return row.id
  }

  async #count(column: string): Promise<void> {
    await this.gatehouse.superuser.rows(
      `UPDATE organization_counters SET ${column} = ${column} + 1 WHERE organization_id = $1`,
      [this.organization.uuid],
    )
  }
}

let slugs = 0
const newSlug = () => `fresh-${(slugs += 1)}`

type Arguments = (targets: Targets) => Promise<Record<string, unknown>> | Record<string, unknown>

const CERTIFICATE = selfSignedCertificate('idp.example.com').certificate
const METADATA = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://login.example.com/saml"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${CERTIFICATE}</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://login.example.com/sso"/></IDPSSODescriptor></EntityDescriptor>`
const newSsoProvider = () => ({ vendor: 'OTHER', protocol: { saml: { metadataXml: METADATA } } })

/** What each operation is called with, everything in the organization of the targets. */
const ARGUMENTS: Readonly<Record<string, Arguments>> = {
  'Organization.ssoProviders': () => ({}),
  'Organization.returnUrls': () => ({}),
  setReturnUrls: (t) => ({ organizationId: t.organization.id, urls: [`https://${newSlug()}.example.com/done`] }),
  'Member.ssoIdentities': () => ({}),
  'OidcProvider.viewerCan': () => ({ action: 'UPDATE' }),
  'SamlProvider.viewerCan': () => ({ action: 'UPDATE' }),
  createSsoProvider: (t) => ({ organizationId: t.organization.id, input: { ...newSsoProvider(), name: newSlug() } }),
  updateSsoProvider: async (t) => ({ id: await t.ssoProvider(), input: { name: newSlug() } }),
  importSsoProvider: async (t) => ({ id: await t.ssoProvider(), from: { xml: METADATA } }),
  testSsoProvider: async (t) => ({ id: await t.ssoProvider() }),
  activateSsoProvider: async (t) => ({ id: await t.ssoProvider('SAML', 'TESTED') }),
  disableSsoProvider: async (t) => ({ id: await t.ssoProvider() }),
  deleteSsoProvider: async (t) => ({ id: await t.ssoProvider() }),
  addSsoCertificate: async (t) => ({ id: await t.ssoProvider(), certificate: CERTIFICATE }),
  retireSsoCertificate: async (t) => ({ id: await t.certificate() }),
  createDirectory: (t) => ({
    organizationId: t.organization.id,
    input: { name: newSlug(), vendor: 'OTHER', isDryRun: true },
  }),
  updateDirectory: async (t) => ({ id: (await t.directory()).id, input: { name: newSlug() } }),
  pauseDirectory: async (t) => ({ id: (await t.directory()).id, paused: true }),
  deleteDirectory: async (t) => ({ id: (await t.directory()).id, keepMembers: 'ACTIVE' }),
  createScimToken: async (t) => ({ directoryId: (await t.directory()).id }),
  setDirectoryRules: async (t) => ({ id: (await t.directory()).id, rules: [] }),
  adoptDirectoryUser: async (t) => ({ id: await t.directoryConflict(), accept: true }),
  revokeScimToken: async (t) => ({ id: await t.scimToken() }),
  node: (t) => ({ id: t.organization.id }),
  nodes: async (t) => ({ ids: [t.organization.id, (await t.project()).id] }),
  organization: (t) => ({ by: { id: t.organization.id } }),
  organizations: () => ({}),
  permissions: () => ({}),
  serverInfo: () => ({}),
  loginOptions: () => ({ email: 'somebody@example.com' }),
  users: () => ({ search: 'a' }),
  viewer: () => ({}),
  invitationByToken: async (t) => ({ token: (await t.invitation()).token }),
  'Organization.accessExplain': async (t) => ({ principalId: (await t.member()).id, permission: 'member.read' }),
  'Organization.auditEvents': () => ({}),
  'Organization.billingEmail': () => ({}),
  'Organization.settings': () => ({}),
  'Organization.invitations': () => ({}),
  'Organization.member': async (t) => ({ id: (await t.member()).id }),
  'Organization.joinRequests': () => ({}),
  'Organization.breakGlassAdmins': () => ({}),
  'Organization.memberBlocks': () => ({}),
  'Organization.membershipModePreview': () => ({ to: 'SSO' }),
  'Organization.membershipModeSwitch': async (t) => {
    await t.modeSwitch()
    return {}
  },
  'Organization.memberStats': () => ({}),
  'Organization.members': () => ({}),
  'Organization.project': async (t) => ({ slug: (await t.project()).slug }),
  'Organization.projects': () => ({}),
  'Organization.domains': () => ({}),
  'Organization.teams': () => ({}),
  'Organization.viewerCan': () => ({ action: 'UPDATE' }),
  'Organization.serviceAccounts': () => ({}),
  'Project.serviceAccounts': () => ({}),
  currentApiKey: () => ({}),
  signingKeys: () => ({}),
  'Organization.apiKeys': () => ({}),
  'Project.apiKeys': () => ({}),
  'ServiceAccount.apiKeys': () => ({}),
  'Member.apiKeys': () => ({}),
  'ApiKey.viewerCan': () => ({ action: 'REVOKE' }),
  'ServiceAccount.viewerCan': () => ({ action: 'UPDATE' }),
  'Project.access': () => ({}),
  'Project.grants': () => ({}),
  'Member.projectAccess': () => ({}),
  'Project.viewerCan': () => ({ action: 'UPDATE' }),
  'Member.teams': () => ({}),
  'Member.viewerCan': () => ({ action: 'REMOVE' }),
  'Team.children': () => ({}),
  'Team.members': () => ({}),
  'Team.viewerCan': () => ({ action: 'UPDATE' }),
  'Invitation.viewerCan': () => ({ action: 'RESEND' }),
  'Role.viewerCan': () => ({ action: 'ASSIGN' }),
  'Viewer.can': () => ({ action: 'CREATE_ORGANIZATION' }),
  'Viewer.memberships': () => ({ first: 5 }),

  acceptInvitation: async (t) => ({ input: { token: (await t.invitation()).token } }),
  registerPermissions: () => ({ input: [{ key: 'image.generate', title: 'Generate images', scope: 'RESOURCE' }] }),
  retirePermissions: () => ({ keys: ['image.generate'] }),
  addMember: async (t) => ({
    organizationId: t.organization.id,
    userId: await t.user(),
    roleId: await t.role('ORGANIZATION', 'member'),
  }),
  addDomain: async (t) => ({ organizationId: t.organization.id, name: `a${newId().slice(-12)}.example` }),
  addTeamMembers: async (t) => ({ teamId: await t.team(), memberIds: [(await t.member()).id] }),
  archiveProject: async (t) => ({ id: (await t.project()).id, archived: true }),
  createInvitationLink: async (t) => ({ id: (await t.invitation()).id }),
  createOrganization: () => ({ input: { name: 'Fresh', slug: newSlug(), billingEmail: 'fresh@example.com' } }),
  createRole: (t) => ({ organizationId: t.organization.id, input: { name: newSlug(), scope: 'ORGANIZATION' } }),
  updateRole: async (t) => ({ id: await t.ownRole(), input: { name: 'Fresh' } }),
  deleteRole: async (t) => ({ id: await t.ownRole() }),
  createProject: (t) => ({ organizationId: t.organization.id, input: { name: 'Fresh', slug: newSlug() } }),
  createApiKey: async (t) => ({
    input: { name: 'Fresh', owner: { projectId: (await t.project()).id }, permissions: ['project.read'] },
  }),
  updateApiKey: async (t) => ({ id: await t.apiKey(), input: { name: 'Fresh' } }),
  rotateApiKey: async (t) => ({ id: await t.apiKey() }),
  revokeApiKey: async (t) => ({ id: await t.apiKey() }),
  createServiceAccount: async (t) => ({
    projectId: (await t.project()).id,
    input: { name: 'Fresh', roleId: await t.role('PROJECT', 'project_member') },
  }),
  updateServiceAccount: async (t) => ({ id: await t.serviceAccount(), input: { name: 'Fresh' } }),
  disableServiceAccount: async (t) => ({ id: await t.serviceAccount() }),
  enableServiceAccount: async (t) => ({ id: await t.serviceAccount() }),
  deleteServiceAccount: async (t) => ({ id: await t.serviceAccount() }),
  createTeam: (t) => ({ organizationId: t.organization.id, input: { name: 'Fresh', slug: newSlug() } }),
  declineInvitation: async (t) => ({ input: { token: (await t.invitation()).token } }),
  deleteProject: async (t) => {
    const { id, slug } = await t.project()
    return { id, input: { confirmSlug: slug, contents: { delete: true } } }
  },
  removeDomain: async (t) => ({ id: await t.domain() }),
  updateDomain: async (t) => ({ id: await t.domain(), joinPolicy: 'NONE' }),
  verifyDomain: async (t) => ({ id: await t.domain() }),
  deleteTeam: async (t) => ({ id: await t.team() }),
  disableUser: async (t) => ({ userId: await t.user() }),
  enableUser: async (t) => ({ userId: await t.user() }),
  mintAccessToken: () => ({ input: {} }),
  rotateSigningKey: () => ({ input: { compromised: true } }),
  makeProjectDefault: async (t) => ({ id: (await t.project()).id }),
  inviteMembers: (t) => ({ organizationId: t.organization.id, input: { emails: [`${newSlug()}@example.com`] } }),
  reactivateMembers: async (t) => ({
    organizationId: t.organization.id,
    members: { ids: [(await t.member('SUSPENDED')).id] },
  }),
  removeMembers: async (t) => ({ organizationId: t.organization.id, members: { ids: [(await t.member()).id] } }),
  removeProjectGrant: async (t) => ({ id: await t.grant() }),
  removeTeamMembers: async (t) => {
    const { id } = await t.member()
    return { teamId: await t.team(id), memberIds: [id] }
  },
  resendInvitations: async (t) => ({ organizationId: t.organization.id, ids: [(await t.invitation()).id] }),
  revokeAllSessions: () => ({}),
  // Nobody's session: sessions are one's own, and another person's is tried in revoke-session.test.ts.
  revokeSession: () => ({ id: toTypeId('Session', newId()) }),
  revokeInvitations: async (t) => ({ organizationId: t.organization.id, ids: [(await t.invitation()).id] }),
  setMembersRole: async (t) => ({
    organizationId: t.organization.id,
    members: { ids: [(await t.member()).id] },
    roleId: await t.role('ORGANIZATION', 'admin'),
  }),
  setProjectGrant: async (t) => ({
    projectId: (await t.project()).id,
    principalId: (await t.member()).id,
    roleId: await t.role('PROJECT', 'project_member'),
  }),
  setProjectGrants: async (t) => ({
    projectId: (await t.project()).id,
    principalIds: [(await t.member()).id, await t.team()],
    roleId: await t.role('PROJECT', 'project_member'),
  }),
  switchMembershipMode: (t) => ({
    organizationId: t.organization.id,
    input: { to: 'SSO', previewToken: 'none', breakGlassMemberIds: [memberTypeId(t.organization.admin)] },
  }),
  revertMembershipMode: async (t) => ({ id: await t.modeSwitch() }),
  replaceRecoveryCodes: (t) => ({ memberId: memberTypeId(t.organization.admin) }),
  createSetupLink: (t) => ({ organizationId: t.organization.id, intents: ['DOMAINS'] }),
  revokeSetupLink: async (t) => ({ id: await t.setupLink() }),
  'Organization.setupLinks': () => ({}),
  // Nobody may ask here, and nobody has: see join-requests.test.ts.
  createJoinRequest: (t) => ({ organizationId: t.organization.id }),
  cancelJoinRequest: async (t) => ({ id: await t.joinRequest() }),
  decideJoinRequests: async (t) => ({ organizationId: t.organization.id, ids: [await t.joinRequest()], approve: true }),
  liftMemberBlock: async (t) => ({ memberId: (await t.member()).id }),
  suspendMembers: async (t) => ({ organizationId: t.organization.id, members: { ids: [(await t.member()).id] } }),
  switchOrganization: (t) => ({ organizationId: t.organization.id }),
  // Nobody's identity, as with sessions: see unlink-identity.test.ts.
  unlinkIdentity: () => ({ id: toTypeId('ExternalIdentity', newId()) }),
  updateInvitation: async (t) => ({
    id: (await t.invitation()).id,
    input: { roleId: await t.role('ORGANIZATION', 'admin') },
  }),
  updateOrganization: (t) => ({ id: t.organization.id, input: { description: 'Fresh' } }),
  updateProject: async (t) => ({ id: (await t.project()).id, input: { name: 'Fresh' } }),
  updateTeam: async (t) => ({ id: await t.team(), input: { name: 'Fresh' } }),

  // These end what the others work on, so they come last (see `operationsOf`).
  leaveOrganization: (t) => ({ id: t.organization.id }),
  deleteOrganization: (t) => ({ id: t.organization.id, confirmSlug: t.organization.slug }),
  cancelOrganizationDeletion: (t) => ({ id: t.organization.id }),
}

/** Mutations after which an organization or session is not what it was. */
export const ENDING: ReadonlySet<string> = new Set([
  'revokeAllSessions',
  'leaveOrganization',
  'deleteOrganization',
  'cancelOrganizationDeletion',
])

/** Objects below whose id a guarded field is asked for. */
const NODES: Readonly<Record<string, (targets: Targets) => Promise<string> | string>> = {
  Organization: (t) => t.organization.id,
  Project: async (t) => (await t.project()).id,
  ProjectGrant: (t) => t.grant(),
  ServiceAccount: (t) => t.serviceAccount(),
  OidcProvider: (t) => t.ssoProvider('OIDC'),
  SamlProvider: (t) => t.ssoProvider('SAML'),
  SsoTestRun: (t) => t.ssoTestRun(),
  Directory: async (t) => (await t.directory()).id,
  MembershipModeSwitch: (t) => t.modeSwitch(),
  DirectoryUser: async (t) => (await t.directoryUser()).id,
  DirectoryGroup: (t) => t.directoryGroup(),
  DirectoryConflict: (t) => t.directoryConflict(),
  ScimRequest: (t) => t.scimRequest(),
  JoinRequest: (t) => t.joinRequest(),
  SetupLink: (t) => t.setupLink(),
  ApiKey: (t) => t.apiKey(),
  // One whom a directory keeps, so that there is something to see in every field.
  Member: async (t) => toTypeId('Member', (await t.directoryUser()).memberId),
  Domain: async (t) => t.domain(),
  Team: async (t) => t.team((await t.member()).id),
  Invitation: async (t) => (await t.invitation()).id,
  Role: (t) => t.role('ORGANIZATION', 'member'),
  User: (t) => t.user(),
  AuditEvent: (t) => t.auditEvent(),
}

/**
 * Every query, every mutation, and every field below the root that carries @can or takes arguments and stands on a
 * type that is reachable by `node(id)` or on the viewer; the ending ones last.
 */
export function operationsOf(schema: GraphQLSchema): Operation[] {
  const roots = (['query', 'mutation'] as const).flatMap((kind) => {
    const type = schema.getRootType(kind as never)!
    return Object.values(type.getFields()).map((field) => rootOperation(kind, field))
  })
  const nested = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !['Query', 'Mutation'].includes(name) && !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => permissionOf(field) !== null || (field.args.length > 0 && isReachable(type)))
        .map((field) => nestedOperation(type, field)),
    )
  const all = [...roots, ...nested]
  return [...all.filter(({ name }) => !ENDING.has(name)), ...all.filter(({ name }) => ENDING.has(name))]
}

/** The variables of an operation. @throws Error  that says where to add what is missing */
export async function variablesOf(operation: Operation, targets: Targets): Promise<Record<string, unknown>> {
  const make = ARGUMENTS[operation.name] ?? (operation.field.args.some(isRequiredArgument) ? null : () => ({}))
  if (!make || (operation.kind === 'mutation' && !ARGUMENTS[operation.name]))
    throw new Error(
      `${operation.name} is new in the schema and the tests do not know how to call it. This is not a flake.\n` +
        `1. Add a row "${operation.name}" to ARGUMENTS in test/support/operations.ts: arguments that work for an Admin.\n` +
        '2. Run UPDATE_GOLDEN=1 npx jest test/graphql/authorization-matrix.test.ts and read the new line of the golden file.',
    )
  const parent = operation.name.includes('.') ? operation.name.split('.')[0]! : null
  const node = parent && parent !== 'Viewer' ? { nodeId: await NODES[parent]!(targets) } : {}
  const page = operation.field.args.some(({ name }) => name === 'first') ? { first: 2 } : {}
  return { ...page, ...(await Promise.resolve(make(targets))), ...node }
}

/** The permission a field asks for by @can, or null. */
export function permissionOf(field: GraphQLField<unknown, unknown>): string | null {
  const can = field.astNode?.directives?.find((directive) => directive.name.value === 'can')
  const value = can?.arguments?.[0]?.value
  return value && 'value' in value ? String(value.value) : null
}

function isReachable(type: GraphQLNamedType): boolean {
  return type.name === 'Viewer' || type.name in NODES
}

function rootOperation(kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>): Operation {
  // What lies below a changed object has rows of its own, and the operator's lists read no organization from inside.
  const depth = kind === 'mutation' || permissionOf(field) === 'operator' ? SHALLOW : DEEP
  const document = `${kind} ${declared(field, [])} { ${called(field, depth)} }`
  return { name: field.name, kind, field, path: [field.name], document }
}

function nestedOperation(type: GraphQLNamedType, field: GraphQLField<unknown, unknown>): Operation {
  const name = `${type.name}.${field.name}`
  if (type.name === 'Viewer')
    return {
      name,
      kind: 'query',
      field,
      path: ['viewer', field.name],
      document: `query ${declared(field, [])} { viewer { ${called(field)} } }`,
    }
  if (!isReachable(type))
    throw new Error(
      `${name} carries @can on a type that node(id) does not reach; add it to NODES in test/support/operations.ts.`,
    )
  return {
    name,
    kind: 'query',
    field,
    path: ['node', field.name],
    document: `query ${declared(field, ['$nodeId: ID!'])} { node(id: $nodeId) { ... on ${type.name} { ${called(field)} } } }`,
  }
}

function declared({ args }: GraphQLField<unknown, unknown>, further: string[]): string {
  const variables = [
    ...args.map(
      ({ name, type, defaultValue }) =>
        `$${name}: ${String(type)}${defaultValue === undefined ? '' : ` = ${literal(defaultValue)}`}`,
    ),
    ...further,
  ]
  return variables.length > 0 ? `(${variables.join(', ')})` : ''
}

function called(field: GraphQLField<unknown, unknown>, depth = DEEP): string {
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ')
  return `${field.name}${passed && `(${passed})`} ${selectionOf(field.type, depth)}`
}

// Enum defaults are printed as their names.
function literal(value: unknown): string {
  return typeof value === 'string' && /^[A-Z_]+$/.test(value) ? value : JSON.stringify(value)
}

const SHALLOW = 2
const DEEP = 4

/** Everything that can be asked without arguments down to a depth; at the shallow one, guarded fields are left out. */
function selectionOf(output: GraphQLOutputType, depth: number): string {
  const type = getNamedType(output)
  if (!isCompositeType(type)) return ''
  if (!isObjectType(type) && !isInterfaceType(type)) return '{ __typename }'
  const fields = Object.values(type.getFields()).filter(
    (field) => !field.args.some(isRequiredArgument) && (depth > SHALLOW || permissionOf(field) === null),
  )
  const selected = fields.flatMap((field) => {
    if (!isCompositeType(getNamedType(field.type))) return [field.name]
    if (depth === 1 || field.name === 'edges') return []
    if (field.args.some(({ name }) => name === 'first'))
      return [`${field.name}(first: 2) ${selectionOf(field.type, depth - 2 || 1)}`]
    return [`${field.name} ${selectionOf(field.type, field.name === 'nodes' && depth > SHALLOW ? depth : depth - 1)}`]
  })
  return `{ __typename ${selected.join(' ')} }`
}
