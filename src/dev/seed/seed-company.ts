import type { FastifyInstance } from 'fastify'
import { type Spine, SYSTEM_ROLES } from '../../access'
import { newId, toTypeId } from '../../kernel/ids'
import { createOrganization, switchOrganization } from '../../modules/organizations'
import { ssoAddresses } from '../../modules/sso'
import type { Statement } from '../../platform/database'
import type { Outside } from '../../platform/outside'
import { INITECH } from '../companies'
import type { CompanyConnection } from '../local-identity-provider'
import { CompanyBrowser } from './company-browser'
import { connectCompany } from './connect-company'
import { makeDemoKey } from './demo-api-key'
import { act, findOwn, type Secrets, signIn } from './demo-callers'
import { makeDemoDirectory, type SeededDirectory } from './demo-directory'
import type { Seeded, SeededRecoveryCodes, SeededSsoProvider } from './index'

/** The organization whose members come by SSO, its connections, and the directory that may push to it. */
export interface SeededCompany extends Seeded {
  readonly ssoProviders: readonly SeededSsoProvider[]
  readonly directory: SeededDirectory
  /** Null when they were made earlier: they are shown once. */
  readonly recoveryCodes: SeededRecoveryCodes | null
}

/** Where the organization is made. */
export interface CompanySite {
  readonly spine: Spine
  readonly server: Pick<FastifyInstance, 'inject'>
  readonly publicUrl: string
  readonly outside: Outside
  /** The company at the local identity provider, which answers. */
  readonly idp: CompanyConnection
  /** Told when it has to be made or completed. */
  readonly onProgress: (organization: string) => void
}

const DOMAIN = 'initech.example'
const FOUNDER = { name: 'Betty Holberton', email: `betty@${DOMAIN}` }
/** In the group that is mapped to the role Admin, and in none of the mapped ones. */
const ADMIN = `ida@${DOMAIN}`
const EMPLOYEES = INITECH.people.filter(({ email }) => email.endsWith(`@${DOMAIN}`))

/**
 * Makes the organization whose members come by SSO, if it is missing or not complete, and signs in its Admin through the
 * company. Its founder keeps a way in by account, with the recovery codes of the switch.
 *
 * @throws Error  a sign-in has failed
 * @throws NOT_UNIQUE  somebody else's organization has the slug
 */
export async function seedCompany(site: CompanySite): Promise<SeededCompany> {
  const { spine, publicUrl } = site
  const { slug } = INITECH
  const account = await signIn(spine, FOUNDER)
  const organizationId = (await findOwn(spine, account, slug)) ?? (await found(spine, account))
  const recoveryCodes = (await isInSsoMode(spine, organizationId))
    ? null
    : await enterSsoMode(site, account, organizationId)
  const providers = await findProviders(spine, organizationId)
  const adminToken = await signInAdmin(site, providers)
  const admin = { organizationToken: adminToken }
  const apiKey = await makeDemoKey(spine, { organizationId, slug, admin })
  const directory = await makeDemoDirectory(spine, { organizationId, admin, publicUrl })
  const { accountToken } = account
  const id = toTypeId('Organization', organizationId)
  return {
    organizations: [{ id, slug, membershipMode: 'SSO', adminToken, accountToken }],
    people: EMPLOYEES.map(({ email }) => ({
      email,
      organization: slug,
      role: email === ADMIN ? SYSTEM_ROLES.ADMIN.key : SYSTEM_ROLES.MEMBER.key,
    })),
    apiKeys: [apiKey],
    directory,
    recoveryCodes,
    ssoProviders: providers.map(({ id: providerId, protocol }) => ({
      id: toTypeId('SsoProvider', providerId),
      protocol,
      organization: slug,
      startUrl: ssoAddresses(publicUrl, providerId).startUrl,
    })),
  }
}

async function found(spine: Spine, account: Secrets): Promise<string> {
  const organizationId = newId()
  const { name, slug } = INITECH
  await act(spine, account, createOrganization, { organizationId, name, slug, billingEmail: `billing@${DOMAIN}` })
  return organizationId
}

async function enterSsoMode(
  { spine, server, publicUrl, outside, idp, onProgress }: CompanySite,
  account: Secrets,
  organizationId: string,
): Promise<SeededRecoveryCodes> {
  onProgress(INITECH.name)
  const { token } = await act(spine, account, switchOrganization, { organizationId })
  const codes = await connectCompany(spine, {
    organizationId,
    admin: { organizationToken: token },
    domain: DOMAIN,
    idp,
    outside,
    publicUrl,
    tester: ADMIN,
    openBrowser: () => new CompanyBrowser(server, publicUrl),
  })
  return { organization: INITECH.slug, email: FOUNDER.email, codes }
}

async function signInAdmin({ server, publicUrl }: CompanySite, providers: readonly Provider[]): Promise<string> {
  const provider = providers.find(({ protocol }) => protocol === 'OIDC')
  if (!provider) throw new Error(`${INITECH.name} has no connection by OpenID Connect any more.`)
  const browser = new CompanyBrowser(server, publicUrl)
  await browser.signIn(ssoAddresses(publicUrl, provider.id).startUrl, ADMIN)
  const token = browser.session
  if (!token) throw new Error(`${ADMIN} could not sign in through ${INITECH.name}; look into its refused sign-ins.`)
  return token
}

interface Provider {
  id: string
  protocol: 'OIDC' | 'SAML'
}

// Nobody can ask who is not inside, and inside leads only a sign-in by one of them.
async function findProviders(spine: Spine, organizationId: string): Promise<Provider[]> {
  return spine.database.write({ kind: 'organization', organizationId }, (tx) =>
    tx.query<Provider>(FIND_PROVIDERS, [organizationId]),
  )
}

async function isInSsoMode(spine: Spine, organizationId: string): Promise<boolean> {
  const rows = await spine.database.write({ kind: 'organization', organizationId }, (tx) =>
    tx.query(FIND_SSO_MODE, [organizationId]),
  )
  return rows.length > 0
}

const FIND_PROVIDERS: Statement = {
  name: 'seed-find-sso-providers',
  text: `SELECT id, protocol FROM sso_providers WHERE organization_id = $1 AND vendor = 'DEMO' AND status = 'ACTIVE' ORDER BY id`,
}
const FIND_SSO_MODE: Statement = {
  name: 'seed-find-sso-mode',
  text: `SELECT FROM organizations WHERE organization_id = $1 AND membership_mode = 'SSO'`,
}
