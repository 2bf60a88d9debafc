import type { Company } from './local-identity-provider'
import type { Person } from './local-identity-provider/account'
import { PUBLISHED_KEYS } from './published-keys'
import { DEMO_ORGANIZATIONS } from './seed/demo-people'

const at = (domain: string, name: string, ...groups: string[]): Person => ({
  name,
  email: `${name.split(' ')[0]?.toLowerCase()}@${domain}`,
  groups,
})

/** The company whose organization `npm run seed` sets up with both protocols. */
export const INITECH: Company = {
  slug: 'initech',
  name: 'Initech',
  clientSecret: 'initech-secret-for-development-only',
  key: PUBLISHED_KEYS.initech,
  people: [
    at('initech.example', 'Ida Rhodes', 'admins', 'staff'),
    at('initech.example', 'Karen Jones', 'engineering', 'staff'),
    at('initech.example', 'Mary Jackson', 'engineering', 'staff'),
    at('initech.example', 'Annie Easley', 'staff'),
    { name: 'Carl Contractor', email: 'carl@partner.example', groups: ['contractors'] },
  ],
}

const [{ name, slug, founder, admins, members, teams }] = DEMO_ORGANIZATIONS as [(typeof DEMO_ORGANIZATIONS)[number]]
const employees = members.filter(({ email }) => email.endsWith(founder.email.replace(/^.*@/, '@')))

/** The demonstration's first organization: its members come by invitation, and it can be connected by hand. */
export const ACME: Company = {
  slug,
  name,
  clientSecret: 'acme-secret-for-development-only',
  key: PUBLISHED_KEYS.acme,
  people: [
    ...[founder, ...admins].map((person) => ({ ...person, groups: ['admins'] })),
    ...employees.map((person) => ({
      ...person,
      groups: teams.filter(({ people }) => people.includes(person.email)).map((team) => team.slug),
    })),
  ],
}

/** Everybody whose provider the local one stands for. */
export const DEMO_COMPANIES: readonly Company[] = [INITECH, ACME]
