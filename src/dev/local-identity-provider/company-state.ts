import { type SelfSigned, selfSignedCertificate } from '../../platform/crypto'
import { type Account, addressKey } from './account'
import type { Condition } from './answers'
import { type Company, type CompanyConnection, connectionOf } from './company'
import { Journal } from './journal'

/** What a company's provider keeps in memory, for both protocols; gone on restart. */
export class CompanyState {
  readonly connection: CompanyConnection
  readonly journal = new Journal()
  readonly callbackUris: AddressSet
  readonly acsUrls: AddressSet
  condition: Condition = 'up'
  /** The last proper one, in base64 */
  lastSamlResponse: string | undefined
  readonly #blocked = new Set<string>()
  readonly #signedIn = new Map<string, { account: Account; applications: Set<string> }>()
  #foreignKey: SelfSigned | undefined

  constructor(
    readonly company: Company,
    origin: string,
    readonly gatehouseOrigins: readonly string[],
  ) {
    this.connection = connectionOf(company, origin)
    this.callbackUris = new AddressSet(gatehouseOrigins, '/sso/oidc/', '/callback')
    this.acsUrls = new AddressSet(gatehouseOrigins, '/sso/saml/', '/acs')
  }

  /** Whoever is blocked is refused, and gets no new tokens. */
  isBlocked(email: string): boolean {
    return this.#blocked.has(addressKey(email))
  }

  setBlocked(email: string, blocked: boolean): void {
    if (blocked) this.#blocked.add(addressKey(email))
    else this.#blocked.delete(addressKey(email))
  }

  /** @param application  the redirect URI or ACS URL that somebody signed in at */
  remember(account: Account, application: string): void {
    const known = this.#signedIn.get(addressKey(account.email))
    const applications = (known?.applications ?? new Set()).add(application)
    this.#signedIn.set(addressKey(account.email), { account, applications })
  }

  /** Who signed in with that address, and where. */
  findSignedIn(email: string): { account: Account; applications: ReadonlySet<string> } | undefined {
    return this.#signedIn.get(addressKey(email))
  }

  /** A key that nobody knows; made when it is first needed. */
  readonly foreignKey = (): SelfSigned => (this.#foreignKey ??= selfSignedCertificate('somebody else'))
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1'])

/**
 * The addresses of one kind at Gatehouse, one for each connection that there is or will be. Another Gatehouse of the same
 * machine may be asked from too: what is said here is worth nothing elsewhere.
 */
export class AddressSet {
  constructor(
    private readonly origins: readonly string[],
    private readonly before: string,
    private readonly after: string,
  ) {}

  /** One of them. */
  get example(): string {
    return `${this.origins[0] ?? 'http://localhost'}${this.before}connection${this.after}`
  }

  has(address: string): boolean {
    if (!URL.canParse(address)) return false
    const { origin, hostname, pathname, search, hash } = new URL(address)
    const id = pathname.slice(this.before.length, -this.after.length)
    return (
      (LOOPBACK.has(hostname) || this.origins.includes(origin)) &&
      pathname === `${this.before}${id}${this.after}` &&
      /^\w+$/.test(id) &&
      !search &&
      !hash
    )
  }
}
