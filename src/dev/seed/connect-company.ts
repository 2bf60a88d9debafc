import { type Spine, SYSTEM_ROLES } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { addDomain, checkDomain, getDomain, listDomains } from '../../modules/domains'
import { listMembers } from '../../modules/members'
import { previewMembershipMode, switchMembershipMode } from '../../modules/membership-mode'
import { listRoles } from '../../modules/roles'
import {
  changeSsoProvider,
  getSsoTestRun,
  listSsoProviders,
  type ProtocolInput,
  type SsoProviderRow,
  setUpSsoProvider,
  testSsoProvider,
  testStartUrl,
} from '../../modules/sso'
import type { Outside } from '../../platform/outside'
import type { CompanyConnection } from '../local-identity-provider'
import type { CompanyBrowser } from './company-browser'
import { act, operate, type Secrets } from './demo-callers'

/** A company whose connections are set up, and by whom. */
export interface ConnectedCompany {
  readonly organizationId: string
  /** The founder's session: an Admin. */
  readonly admin: Secrets
  readonly domain: string
  readonly idp: CompanyConnection
  /** Where the record of the domain is found. */
  readonly outside: Outside
  readonly publicUrl: string
  /** Whose test sign-in it is, and a browser for it. */
  readonly tester: string
  readonly openBrowser: () => CompanyBrowser
}

/**
 * Brings an organization into SSO mode the way its Admin would: proves the domain, connects the identity provider by both
 * protocols, tests both by live sign-ins, and switches. Each step does what is still missing.
 *
 * @returns  the founder's recovery codes
 * @throws Error  a test sign-in has failed
 */
export async function connectCompany(spine: Spine, company: ConnectedCompany): Promise<readonly string[]> {
  const { organizationId, admin, idp } = company
  await proveDomain(spine, company)
  const { issuer, clientId, clientSecret } = idp.oidc
  const protocols: readonly [name: string, ProtocolInput][] = [
    [`${idp.name} by OpenID Connect`, { oidc: { issuer, clientId, clientSecret } }],
    [`${idp.name} by SAML`, { saml: { metadataUrl: idp.saml.metadataUrl } }],
  ]
  for (const [name, protocol] of protocols) {
    const provider = await setUp(spine, company, name, protocol)
    if (provider.status === 'DRAFT') await test(spine, company, provider)
  }
  const founder = await act(spine, admin, listMembers, { organizationId, page: { first: 1 } })
  const breakGlassMemberIds = founder.rows.map(({ id }) => id)
  const plan = { organizationId, to: 'SSO' as const, providerIds: null, breakGlassMemberIds }
  const { token } = await act(spine, admin, previewMembershipMode, plan)
  const consent = { previewToken: token, graceHours: null, notifyMembers: false }
  const { recoveryCodes } = await act(spine, admin, switchMembershipMode, { ...plan, ...consent })
  return recoveryCodes.flatMap(({ codes }) => codes)
}

async function proveDomain(
  spine: Spine,
  { organizationId, admin, outside, domain: name }: ConnectedCompany,
): Promise<void> {
  const known = await act(spine, admin, listDomains, { organizationId })
  const domainId =
    known.find((domain) => domain.name === name)?.id ?? (await act(spine, admin, addDomain, { organizationId, name }))
  const domain = await act(spine, admin, getDomain, { domainId })
  if (domain.status === 'VERIFIED') return
  await operate(spine, admin, (operation) => checkDomain(operation, outside, domainId))
}

async function setUp(
  spine: Spine,
  { organizationId, admin, outside }: ConnectedCompany,
  name: string,
  protocol: ProtocolInput,
): Promise<SsoProviderRow> {
  const find = async () => {
    const providers = await act(spine, admin, listSsoProviders, { organizationId })
    return providers.find((provider) => provider.name === name)
  }
  const draft = { organizationId, vendor: 'DEMO' as const, draft: { name }, defaultRoleId: null, protocol }
  if (!(await find())) await operate(spine, admin, (operation) => setUpSsoProvider(operation, outside, draft))
  const provider = (await find())!
  if (provider.groupMappings.length > 0) return provider
  const roles = await act(spine, admin, listRoles, { organizationId })
  const roleId = roles.find(({ key }) => key === SYSTEM_ROLES.ADMIN.key)!.id
  const groupMappings = [{ group: 'admins', roleId, teamId: null }]
  const changes = { providerId: provider.id, draft: {}, defaultRoleId: null, groupMappings }
  await operate(spine, admin, (operation) => changeSsoProvider(operation, outside, changes, null))
  return (await find())!
}

async function test(
  spine: Spine,
  { admin, publicUrl, tester, openBrowser }: ConnectedCompany,
  { id: providerId, name }: SsoProviderRow,
): Promise<void> {
  const testRunId = await act(spine, admin, testSsoProvider, { providerId })
  await openBrowser().signIn(testStartUrl(publicUrl, providerId, testRunId), tester)
  const { status, findings } = await act(spine, admin, getSsoTestRun, { testRunId })
  if (status !== 'PASSED')
    throw new Error(
      `The test of ${name} (${toTypeId('SsoTestRun', testRunId)}) is ${status}: ${findings?.errorMessage}`,
    )
}
