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
  /** Those above come first. The first of the people manages the team. */
  readonly teams: readonly DemoTeam[]
}

/** A team of the demonstration. */
export interface DemoTeam {
  readonly name: string
  readonly slug: string
  readonly description: string
  /** Slug of the team above. */
  readonly parent?: string
  /** Slug of the project that the team has a role in. */
  readonly project?: string
  /** Addresses of joined members. */
  readonly people: readonly string[]
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
    teams: [
      {
        name: 'Engineering',
        slug: 'engineering',
        description: 'Builds what Acme runs on',
        project: 'atlas',
        people: ['grace@acme.example', 'barbara@acme.example', 'edsger@acme.example'],
      },
      {
        name: 'Platform',
        slug: 'platform',
        description: 'Part of Engineering, and in its projects through it',
        parent: 'engineering',
        people: ['leslie@acme.example', 'radia@acme.example'],
      },
      {
        name: 'Research',
        slug: 'research',
        description: 'Finds out first',
        project: 'hermes',
        people: ['katherine@acme.example', 'hedy@acme.example', 'alonzo@acme.example'],
      },
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
    teams: [],
  },
]
