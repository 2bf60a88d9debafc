/** Demonstration data: made once through the use cases, completed when that was interrupted, found again afterwards. */
import { type Spine, SYSTEM_ROLES } from '../../access'
import { fromTypeId, newId, toTypeId } from '../../kernel/ids'
import { type CreateOrganization, createOrganization, switchOrganization } from '../../modules/organizations'
import type { Person } from '../local-identity-provider/account'
import { makeDemoKey, type SeededApiKey } from './demo-api-key'
import { act, findOwn, signIn } from './demo-callers'
import { DEMO_ORGANIZATIONS, type DemoOrganization } from './demo-people'
import { isPopulated, populateOrganization } from './populate-organization'

/** An organization of the demonstration with fresh sessions of its founder. */
export interface SeededOrganization {
  /** TypeID */
  readonly id: string
  readonly slug: string
  readonly membershipMode: 'INVITATION' | 'SSO'
  /** `gos_…`, for 12 hours */
  readonly adminToken: string
  /** `gas_…`, for 7 days */
  readonly accountToken: string
}

/** Somebody of the demonstration; the local identity provider offers to be them. */
export interface SeededPerson {
  readonly email: string
  /** Slug. */
  readonly organization: string
  /** Key of the role. */
  readonly role: string
}

/** A connection of the demonstration. */
export interface SeededSsoProvider {
  /** TypeID */
  readonly id: string
  readonly protocol: 'OIDC' | 'SAML'
  /** Slug. */
  readonly organization: string
  /** Where a sign-in by it begins. */
  readonly startUrl: string
}

/** What an Admin comes in by when the company's sign-in does not work; known only when they were just made. */
export interface SeededRecoveryCodes {
  /** Slug. */
  readonly organization: string
  /** Whose they are. */
  readonly email: string
  readonly codes: readonly string[]
}

/** What `npm run seed` prints. */
export interface Seeded {
  readonly organizations: readonly SeededOrganization[]
  readonly people: readonly SeededPerson[]
  /** One of each organization's founder. */
  readonly apiKeys: readonly SeededApiKey[]
}

/** How the demonstration is made. */
export interface SeedOptions {
  /** Letters of waiting invitations are sent; for where mail ends at the mailbox page. */
  readonly sendLetters: boolean
  /** Told before each organization that has to be made or completed. */
  readonly onProgress: (organization: string) => void
}

/**
 * Makes the organizations of the demonstration where they are missing or not complete, and opens new sessions of their founders.
 * @throws NOT_UNIQUE  somebody else's organization has one of the slugs
 */
export async function seedDemo(spine: Spine, options: SeedOptions): Promise<Seeded> {
  const organizations: SeededOrganization[] = []
  const apiKeys: SeededApiKey[] = []
  for (const demo of DEMO_ORGANIZATIONS) {
    const organization = await seedOrganization(spine, demo, options)
    const { slug, adminToken } = organization
    const organizationId = fromTypeId('Organization', organization.id)!
    organizations.push(organization)
    apiKeys.push(await makeDemoKey(spine, { organizationId, slug, admin: { organizationToken: adminToken } }))
  }
  return { organizations, people: DEMO_ORGANIZATIONS.flatMap(peopleOf), apiKeys }
}

async function found(spine: Spine, account: Parameters<typeof act>[1], input: CreateOrganization) {
  return (await act(spine, account, createOrganization, input)).session
}

async function seedOrganization(
  spine: Spine,
  demo: DemoOrganization,
  { sendLetters, onProgress }: SeedOptions,
): Promise<SeededOrganization> {
  const { slug } = demo
  const account = await signIn(spine, demo.founder)
  const existing = await findOwn(spine, account, slug)
  const organizationId = existing ?? newId()
  const isComplete = existing !== null && (await isPopulated(spine, existing))
  if (!isComplete) onProgress(demo.name)
  const { token } = existing
    ? await act(spine, account, switchOrganization, { organizationId })
    : await found(spine, account, {
        organizationId,
        name: demo.name,
        slug,
        billingEmail: demo.billingEmail,
      })
  if (!isComplete)
    await populateOrganization(spine, { organizationId, demo, admin: { organizationToken: token }, sendLetters })
  return {
    id: toTypeId('Organization', organizationId),
    slug,
    membershipMode: 'INVITATION',
    adminToken: token,
    accountToken: account.accountToken,
  }
}

/** Those who can enter it; where one organization per person is the rule, the first one counts. */
function peopleOf({ slug, founder, admins, members }: DemoOrganization): SeededPerson[] {
  const as = (role: string) => (person: Person) => ({ email: person.email, organization: slug, role })
  return [...[founder, ...admins].map(as(SYSTEM_ROLES.ADMIN.key)), ...members.map(as(SYSTEM_ROLES.MEMBER.key))]
}
