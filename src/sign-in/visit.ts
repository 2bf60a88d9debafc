import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, Operation, type UseCase } from '../access'
import { callerOf, isFromElsewhere } from '../http'
import { AppError } from '../kernel/errors'
import { type BrowserCookie, createBrowserCookie } from './browser-cookie'
import { formTokenFor, isFormToken } from './form-token'
import { localPath } from './pages'
import type { Site } from './site'

/** One request of a browser for one page, with what its handler may do about it. */
export class Visit {
  readonly #browserCookie: BrowserCookie
  #caller: Caller

  constructor(
    readonly site: Site,
    readonly request: FastifyRequest,
    readonly reply: FastifyReply,
  ) {
    this.#browserCookie = createBrowserCookie(site.publicUrl)
    this.#caller = callerOf(request, site.cookies)
  }

  /** Runs a use case as the person inside the active organization, or on the account side when there is none. */
  run<Input, Output>(useCase: UseCase<Input, Output>, input: Input): Promise<Output> {
    return this.#execute(this.#caller, useCase, input)
  }

  /** Runs a use case as the signed-in person, whatever organization is active. */
  runOnAccountSide<Input, Output>(useCase: UseCase<Input, Output>, input: Input): Promise<Output> {
    return this.#execute({ ...this.#caller, organizationToken: null }, useCase, input)
  }

  /** Runs several use cases as `runOnAccountSide` would, in one operation: its reads share one transaction. */
  onAccountSide<T>(work: (operation: Operation) => Promise<T>): Promise<T> {
    return this.#operate({ ...this.#caller, organizationToken: null }, work)
  }

  /** True when the browser brings a session of an organization, live or not. */
  get bringsOrganizationSession(): boolean {
    return this.#caller.organizationToken !== null
  }

  /** Goes on with sessions that were just opened, and has the browser keep them. */
  continueWith(session: { account?: OpenedToken; organization?: OpenedToken | null }): void {
    const { cookies } = this.site
    if (session.account) {
      this.#caller = { ...this.#caller, accountToken: session.account.token }
      cookies.setAccount(this.reply, session.account.token, session.account.expiresAt)
    }
    if (session.organization) {
      this.#caller = { ...this.#caller, organizationToken: session.organization.token }
      cookies.setOrganization(this.reply, session.organization.token, session.organization.expiresAt)
    } else if (session.organization === null) {
      this.#caller = { ...this.#caller, organizationToken: null }
      cookies.clearOrganization(this.reply)
    }
  }

  /** The browser's own secret, made on first need. */
  browserSecret(): string {
    return this.#browserCookie.ensure(this.request, this.reply)
  }

  /** The browser's own secret, if it has brought one. */
  knownBrowserSecret(): string | null {
    return this.#browserCookie.read(this.request)
  }

  /** The token for the forms of the page that is being made. */
  formToken(): string {
    return formTokenFor(this.site.cookies.readAccount(this.request) ?? this.browserSecret())
  }

  /**
   * @throws FORBIDDEN  the request does not come from one of our own pages, made for this browser
   */
  requireOwnForm(): void {
    if (!this.isFromElsewhere() && this.isOwnToken(this.field('csrfToken'))) return
    throw new AppError(
      'FORBIDDEN',
      `The page was too old, or not one of ours. Open ${this.site.publicUrl} and try again.`,
    )
  }

  /** True when a text is the token that forms of this browser's pages carry. */
  isOwnToken(presented: string): boolean {
    return isFormToken(this.site.cookies.readAccount(this.request) ?? this.knownBrowserSecret(), presented)
  }

  /** True when a page of another site caused the request. */
  isFromElsewhere(): boolean {
    return isFromElsewhere(this.request, this.site.ownOrigins)
  }

  /** A field of the posted form; empty when it is missing or given twice. */
  field(name: string): string {
    return textOf(this.request.body, name)
  }

  /** A parameter of the query; empty when it is missing or given twice. */
  query(name: string): string {
    return textOf(this.request.query, name)
  }

  /** A part of the path, as its route names it. */
  pathPart(name: string): string {
    return textOf(this.request.params, name)
  }

  /** Where to go on: a path of this origin, from the form or the query. */
  returnTo(): string {
    return localPath(this.field('returnTo') || this.query('returnTo'))
  }

  html(page: string, status = 200): FastifyReply {
    return this.reply.code(status).type('text/html; charset=utf-8').send(page)
  }

  /** Sends the browser on with a GET. */
  goTo(address: string): FastifyReply {
    return this.reply.redirect(address, 303)
  }

  /**
   * Goes on as whoever holds a set-up link, and as nobody else, with several use cases in one operation.
   * @param work  is given the organization that the link names, proven or not; null for a malformed one
   */
  async withSetupLink<T>(
    setupToken: string,
    work: (operation: Operation, organizationId: string | null) => Promise<T>,
  ): Promise<T> {
    const caller = { ...this.#caller, accountToken: null, organizationToken: null, setupToken }
    return this.#operate(caller, (operation) => work(operation, this.site.spine.authenticator.organizationOf(caller)))
  }

  #execute<Input, Output>(caller: Caller, useCase: UseCase<Input, Output>, input: Input): Promise<Output> {
    return this.#operate(caller, (operation) => operation.execute(useCase, input))
  }

  async #operate<T>(caller: Caller, work: (operation: Operation) => Promise<T>): Promise<T> {
    const operation = new Operation(this.site.spine, caller)
    try {
      return await work(operation)
    } finally {
      await operation.close()
    }
  }
}

interface OpenedToken {
  readonly token: string
  readonly expiresAt: Date
}

function textOf(values: unknown, name: string): string {
  if (typeof values !== 'object' || values === null || !Object.hasOwn(values, name)) return ''
  const value = (values as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : ''
}
