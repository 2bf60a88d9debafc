import type { Person } from '../local-identity-provider/account'

/** An organization of the demonstration, and who is what in it. */
export interface DemoOrganization {
  readonly name: string
  readonly slug: string
  readonly billingEmail: string
  readonly description: string
  readonly founder: Person
  /** Joined people by role; Admins beside the founder. */
  readonly admins: readonly Person[]
  readonly members: readonly Person[]
  /** Joined and suspended again, or joined and removed again. */
  readonly suspended: readonly Person[]
  readonly removed: readonly Person[]
  /** Addresses whose invitation waits, or has waited too long. */
  readonly pending: readonly string[]
  readonly expired: readonly string[]
  readonly projects: readonly { readonly name: string; readonly slug: string; readonly description: string }[]
}

const at = (domain: string, ...names: string[]): Person[] =>
  names.map((name) => ({ name, email: `${name.split(' ')[0]?.toLowerCase()}@${domain}` }))

/** Belongs to both organizations, where the installation allows it. */
export const IN_BOTH: Person = { name: 'Sam Switcher', email: 'sam@example.com' }

/** Domains of RFC 2606, so that no letter ever reaches anybody. */
export const DEMO_ORGANIZATIONS: readonly DemoOrganization[] = [
  {
    name: 'Acme',
    slug: 'acme',
    billingEmail: 'billing@acme.example',
    description: 'Demonstration: everything that an organization can hold',
    founder: { name: 'Ada Admin', email: 'ada@acme.example' },
    admins: at('acme.example', 'Alan Admin'),
    members: [
      IN_BOTH,
      ...at('acme.example', 'Barbara Liskov', 'Alonzo Church', 'Dorothy Vaughan', 'Edsger Dijkstra', 'Frances Allen'),
      ...at('acme.example', 'Grace Hopper', 'Hedy Lamarr', 'Ivan Sutherland', 'Joan Clarke', 'Katherine Johnson'),
      ...at('acme.example', 'Leslie Lamport', 'Margaret Hamilton', 'Niklaus Wirth', 'Radia Perlman', 'Tony Hoare'),
    ],
    suspended: at('acme.example', 'Uma Suspended'),
    removed: at('acme.example', 'Victor Removed'),
    pending: ['wanda@acme.example', 'xavier@acme.example', 'yara@partner.example'],
    expired: ['zoe@acme.example', 'zack@partner.example'],
    projects: [
      { name: 'Atlas', slug: 'atlas', description: 'Maps of everything' },
      { name: 'Hermes', slug: 'hermes', description: 'Messages that arrive' },
    ],
  },
  {
    name: 'Globex',
    slug: 'globex',
    billingEmail: 'billing@globex.example',
    description: 'Demonstration: a second organization, for switching',
    founder: { name: 'Gina Globex', email: 'gina@globex.example' },
    admins: [],
    members: [IN_BOTH, ...at('globex.example', 'Hugo Helper')],
    suspended: [],
    removed: [],
    pending: ['ines@globex.example'],
    expired: [],
    projects: [{ name: 'Research', slug: 'research', description: 'What nobody has asked for yet' }],
  },
]
