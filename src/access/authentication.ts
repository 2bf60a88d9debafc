import { timingSafeEqual } from 'node:crypto'
import { hashToken, readToken } from '../platform/crypto'
import type { Transaction } from '../platform/database'
import type { AccountSession, Actor, DirectoryActor, KeyActor, OrganizationSession, SetupActor } from './actor'
import type { Caller } from './caller'
import type { Requirement } from './policy'

/**
 * What access needs of the modules: the rows behind a secret. `main` injects it. With `holds` the member behind it stays
 * as they are until the transaction ends: whoever ends their access waits for it, or has ended it, and then null is found.
 */
export interface SecretRegister {
  /** The live account session with this token hash whose account is not disabled. */
  findAccountSession(tx: Transaction, tokenHash: Buffer): Promise<AccountSession | null>
  /** The live session with this token hash whose member is joined, in an active organization. */
  findOrganizationSession(
    tx: Transaction,
    organizationId: string,
    tokenHash: Buffer,
    holds: boolean,
  ): Promise<OrganizationSession | null>
  /** The live key with this token hash whose owner may act, in an active organization. */
  findKey(tx: Transaction, organizationId: string, tokenHash: Buffer, holds: boolean): Promise<KeyActor | null>
  /** The directory with this id to which the live token with this hash belongs, in an active organization. */
  findDirectory(
    tx: Transaction,
    organizationId: string,
    directoryId: string,
    tokenHash: Buffer,
  ): Promise<DirectoryActor | null>
  /** The live set-up link with this token hash, in an active organization. */
  findSetupLink(tx: Transaction, organizationId: string, tokenHash: Buffer): Promise<SetupActor | null>
}

/** The keys that the settings hold: of each kind the current one, then the previous one. */
export interface InstallationKeys {
  readonly operatorKeys: readonly string[]
  readonly serviceKeys: readonly string[]
}

const ANONYMOUS: Actor = { kind: 'anonymous' }

/** What the secrets of a caller say of themselves; whether it is true has to be proven each time. */
interface OrganizationTokens {
  readonly session: ReturnType<typeof readToken>
  readonly key: ReturnType<typeof readToken>
  readonly setup: ReturnType<typeof readToken>
}

/** Proves callers. Nothing is remembered between calls: staleness after a revocation is zero. */
export class Authenticator {
  readonly #operatorKeyHashes: Buffer[]
  readonly #serviceKeyHashes: Buffer[]
  readonly #tokens = new WeakMap<Caller, OrganizationTokens>()
  // The keys of the installation do not change while it runs.
  readonly #services = new WeakMap<Caller, Actor>()

  constructor(
    private readonly secrets: SecretRegister,
    keys: InstallationKeys,
  ) {
    this.#operatorKeyHashes = keys.operatorKeys.map(hashToken)
    this.#serviceKeyHashes = keys.serviceKeys.map(hashToken)
  }

  /** True when the caller holds the key of whoever runs the installation. */
  isOperator(caller: Caller): boolean {
    return isOneOf(this.#operatorKeyHashes, caller.operatorKey)
  }

  /** Who asks for decisions: the operator or a service, told by keys of the installation alone. */
  proveService(caller: Caller): Actor {
    const known = this.#services.get(caller)
    if (known) return known
    const actor = this.#serviceOf(caller)
    this.#services.set(caller, actor)
    return actor
  }

  #serviceOf(caller: Caller): Actor {
    if (isOneOf(this.#serviceKeyHashes, caller.serviceKey)) return { kind: 'service' }
    return this.isOperator(caller) ? { kind: 'operator' } : ANONYMOUS
  }

  /** The organization named inside the caller's organization token or key, or null without a well-formed one. */
  organizationOf(caller: Caller): string | null {
    const { session, key, setup } = this.#tokensOf(caller)
    return (session ?? key ?? setup)?.organizationId ?? null
  }

  /**
   * The actor that meets a requirement best: operator, organization session, key, account session.
   * @param holds  for a write: no member's access ends between their proof and the end of the transaction
   */
  async prove(tx: Transaction, caller: Caller, requirement: Requirement, holds = false): Promise<Actor> {
    if (caller.job) return { kind: 'system', name: caller.job }
    if (requirement === 'service') return this.proveService(caller)
    if (requirement === 'directory') return (await this.#directory(tx, caller)) ?? ANONYMOUS
    if (requirement === 'account') return (await this.#account(tx, caller)) ?? ANONYMOUS
    if (this.isOperator(caller)) return { kind: 'operator' }
    if (requirement === 'account-or-operator') return (await this.#account(tx, caller)) ?? ANONYMOUS
    return (
      (await this.#member(tx, caller, holds)) ??
      (await this.#key(tx, caller, holds)) ??
      (await this.#setup(tx, caller)) ??
      (await this.#account(tx, caller)) ??
      ANONYMOUS
    )
  }

  async #member(tx: Transaction, caller: Caller, holds: boolean): Promise<Actor | null> {
    const token = this.#tokensOf(caller).session
    if (!token?.organizationId) return null
    return this.secrets.findOrganizationSession(tx, token.organizationId, token.hash, holds)
  }

  async #key(tx: Transaction, caller: Caller, holds: boolean): Promise<Actor | null> {
    const token = this.#tokensOf(caller).key
    if (!token?.organizationId) return null
    return this.secrets.findKey(tx, token.organizationId, token.hash, holds)
  }

  async #directory(tx: Transaction, { directory }: Caller): Promise<Actor | null> {
    if (!directory) return null
    return this.secrets.findDirectory(tx, directory.organizationId, directory.directoryId, directory.tokenHash)
  }

  async #setup(tx: Transaction, caller: Caller): Promise<Actor | null> {
    const token = this.#tokensOf(caller).setup
    if (!token?.organizationId) return null
    return this.secrets.findSetupLink(tx, token.organizationId, token.hash)
  }

  /** Read once for each caller, who is asked about several times in one operation. */
  #tokensOf(caller: Caller): OrganizationTokens {
    const known = this.#tokens.get(caller)
    if (known) return known
    const { organizationToken, apiKey, setupToken } = caller
    const tokens = {
      session: organizationToken ? readToken('organizationSession', organizationToken) : null,
      key: apiKey ? readToken('apiKey', apiKey) : null,
      setup: setupToken ? readToken('setupLink', setupToken) : null,
    }
    this.#tokens.set(caller, tokens)
    return tokens
  }

  async #account(tx: Transaction, caller: Caller): Promise<Actor | null> {
    const token = caller.accountToken && readToken('accountSession', caller.accountToken)
    return token ? this.secrets.findAccountSession(tx, token.hash) : null
  }
}

function isOneOf(hashes: readonly Buffer[], key: string | null): boolean {
  if (!key || hashes.length === 0) return false
  const presented = hashToken(key)
  return hashes.some((hash) => timingSafeEqual(hash, presented))
}
