import type { FastifyReply } from 'fastify'
import type { Operation } from '../access'
import { AppError } from '../kernel/errors'
import { fromTypeId, toTypeId } from '../kernel/ids'
import { addDomain, checkDomain, type DomainRow, dnsRecord, listDomains } from '../modules/domains'
import { getOrganization } from '../modules/organizations'
import { getOwnSetupLink, type SetupLinkRow } from '../modules/setup-links'
import {
  activateSsoProvider,
  filledGuide,
  isReadyForUse,
  listSsoProviders,
  type ProtocolInput,
  type SsoProviderRow,
  setUpSsoProvider,
  setupValues,
  testSsoProvider,
  testStartUrl,
} from '../modules/sso'
import { fieldErrors } from './create-organization'
import {
  type FieldError,
  renderMessagePage,
  renderSetupPage,
  SETUP_FIELDS,
  SETUP_VENDORS,
  type SetupPageProps,
  type SetupValues,
} from './pages'
import type { Visit } from './visit'

/** What the page says besides. */
interface Posted {
  readonly values?: SetupValues
  readonly errors?: readonly FieldError[]
  readonly testStart?: { readonly connection: string; readonly url: string }
}

/** `GET /setup/{token}`: what is to be set up, with the values to copy. Opening it uses nothing up. */
export async function showSetup(visit: Visit): Promise<FastifyReply> {
  return answer(visit, async () => ({}))
}

/** `POST /setup/{token}/domains`. */
export async function addDomainBySetup(visit: Visit): Promise<FastifyReply> {
  return answer(visit, async (operation, { organizationId }) => {
    await operation.execute(addDomain, { organizationId, name: visit.field('domain') }).catch(aboutDomain)
    return {}
  })
}

/** `POST /setup/{token}/domains/{id}/check`. */
export async function checkDomainBySetup(visit: Visit): Promise<FastifyReply> {
  return answer(visit, async (operation) => {
    await checkDomain(operation, visit.site.outside, idInPath(visit, 'Domain'))
    return {}
  })
}

/** `POST /setup/{token}/connections`: a draft, from metadata or from an OpenID issuer. */
export async function addConnectionBySetup(visit: Visit): Promise<FastifyReply> {
  return answer(visit, async (operation, { organizationId }) => {
    const vendor = SETUP_VENDORS.find(({ key }) => key === visit.field('vendor'))?.key ?? 'OTHER'
    const draft = { name: visit.field('name') }
    const protocol = protocolOf(visit)
    await setUpSsoProvider(operation, visit.site.outside, {
      organizationId,
      vendor,
      draft,
      defaultRoleId: null,
      protocol,
    })
    return {}
  })
}

/** `POST /setup/{token}/connections/{id}/test`: begins a live sign-in, which makes nobody a member. */
export async function testConnectionBySetup(visit: Visit): Promise<FastifyReply> {
  return answer(visit, async (operation, { organizationId }) => {
    const providerId = idInPath(visit, 'SsoProvider')
    const runId = await operation.execute(testSsoProvider, { providerId })
    const providers = await operation.execute(listSsoProviders, { organizationId })
    const connection = providers.find(({ id }) => id === providerId)?.name ?? ''
    return { testStart: { connection, url: testStartUrl(visit.site.publicUrl, providerId, runId) } }
  })
}

/** `POST /setup/{token}/connections/{id}/activate`: whoever has nobody inside yet puts the first connection to use. */
export async function activateConnectionBySetup(visit: Visit): Promise<FastifyReply> {
  return answer(visit, async (operation) => {
    await operation.execute(activateSsoProvider, { providerId: idInPath(visit, 'SsoProvider') })
    return {}
  })
}

/** Does what was posted as the holder of the link, then shows the page; a link that does not work says so. */
async function answer(
  visit: Visit,
  work: (operation: Operation, link: { organizationId: string }) => Promise<Posted>,
): Promise<FastifyReply> {
  const token = visit.pathPart('token')
  return visit.withSetupLink(token, async (operation, organizationId) => {
    const link = await operation.execute(getOwnSetupLink, {}).catch(nullWhenOver)
    if (!link || !organizationId) return visit.html(overPage(), 410)
    const posted = await work(operation, { organizationId }).catch((error: unknown) => refusedInput(visit, error))
    await operation.release()
    const page = renderSetupPage(await pageOf(visit, operation, { token, organizationId, link, posted }))
    return visit.html(page, posted.errors ? 422 : 200)
  })
}

async function pageOf(
  visit: Visit,
  operation: Operation,
  shown: { token: string; organizationId: string; link: SetupLinkRow; posted: Posted },
): Promise<SetupPageProps> {
  const { token, organizationId, link, posted } = shown
  const { name, membershipMode } = await operation.execute(getOrganization, { organizationId })
  const forDomains = link.intents.includes('DOMAINS')
  const forSso = link.intents.includes('SSO')
  return {
    path: `/setup/${token}`,
    csrfToken: visit.formToken(),
    organizationName: name,
    expiresAt: link.expiresAt,
    forDirectories: link.intents.includes('DIRECTORY'),
    domains: forDomains ? (await operation.execute(listDomains, { organizationId })).map(domainOf) : null,
    connections: forSso
      ? (await operation.execute(listSsoProviders, { organizationId })).map((each) =>
          connectionOf(visit, each, membershipMode),
        )
      : null,
    ...posted,
  }
}

function domainOf(domain: DomainRow): NonNullable<SetupPageProps['domains']>[number] {
  const { id, name, status, lastCheckError } = domain
  return {
    id: toTypeId('Domain', id),
    name,
    isProven: status === 'VERIFIED',
    lastCheckError,
    record: dnsRecord(domain),
  }
}

function connectionOf(
  visit: Visit,
  provider: SsoProviderRow,
  membershipMode: 'INVITATION' | 'SSO',
): NonNullable<SetupPageProps['connections']>[number] {
  const { publicUrl } = visit.site
  const { id, name, status, settings } = provider
  return {
    id: toTypeId('SsoProvider', id),
    name,
    status,
    usable: usableWhen(provider, membershipMode),
    values: setupValues(publicUrl, id, settings.protocol).map(({ label, value }) => ({ label, value })),
    guide: filledGuide(publicUrl, provider).map(({ title, body }) => ({ title, body })),
  }
}

function usableWhen(provider: SsoProviderRow, membershipMode: 'INVITATION' | 'SSO'): 'NOW' | 'AFTER_SWITCH' | null {
  if (provider.status === 'ACTIVE' || !isReadyForUse(provider)) return null
  return membershipMode === 'SSO' ? 'NOW' : 'AFTER_SWITCH'
}

function protocolOf(visit: Visit): ProtocolInput {
  const value = (name: string): string | null => visit.field(name).trim() || null
  if (visit.field('protocol') !== 'OIDC')
    return { saml: { metadataUrl: value('metadataUrl'), metadataXml: value('metadataXml') } }
  return { oidc: { issuer: value('issuer'), clientId: value('clientId'), clientSecret: value('clientSecret') } }
}

function idInPath(visit: Visit, type: 'Domain' | 'SsoProvider'): string {
  const id = fromTypeId(type, visit.pathPart('id'))
  if (id) return id
  throw new AppError('NOT_FOUND', 'There is no such thing here; open the link again.')
}

function nullWhenOver(error: unknown): null {
  if (error instanceof AppError && (error.code === 'UNAUTHENTICATED' || error.code === 'NOT_FOUND')) return null
  throw error
}

function refusedInput(visit: Visit, error: unknown): Posted {
  if (!(error instanceof AppError) || error.code === 'UNAVAILABLE' || error.code === 'INTERNAL') throw error
  return {
    errors: fieldErrors(error),
    values: Object.fromEntries(SETUP_FIELDS.map((name) => [name, visit.field(name)])),
  }
}

/** The form of a connection has a name as well. */
function aboutDomain(error: unknown): never {
  if (!(error instanceof AppError) || error.details.path?.[0] !== 'name') throw error
  throw new AppError(error.code, error.message, { ...error.details, path: ['domain'] })
}

function overPage(): string {
  return renderMessagePage({
    title: 'This link does not work',
    whatHappened: 'The set-up link is incomplete, has expired or was revoked.',
    whatNext: 'Ask whoever sent it to you for a new one.',
  })
}
