/** The closed list of scimType words: RFC 7644 §3.12 table 9, and RFC 9865 §2.1 for the three about cursors. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount'

const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** Words that do not stand for 400 Bad Request. */
const STATUS_OF = new Map<ScimType, number>([
  ['uniqueness', 409],
  ['sensitive', 403],
])

/** How much of a name or value that a client sent is repeated to it. */
const MAX_QUOTED = 80

/**
 * The one error that this engine throws. `detail` is written for whoever configures the identity provider: it names
 * the attribute and says what to send instead. It never repeats a secret, SQL or a stack.
 */
export class ScimError extends Error {
  /** HTTP status. */
  readonly status: number
  /** Absent where RFC 7644 has no word, such as 404 and 412. */
  readonly scimType: ScimType | undefined

  constructor(status: number, scimType: ScimType | undefined, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause })
    this.name = 'ScimError'
    this.status = status
    this.scimType = scimType
  }

  /** The text that the client reads. */
  get detail(): string {
    return this.message
  }

  /** The same refusal with where it happened in front, such as `Operations[2]`. */
  at(place: string): ScimError {
    return new ScimError(this.status, this.scimType, `${place}: ${this.detail}`, this.cause)
  }
}

/** Makes an error whose status follows from its scimType: 409 for uniqueness, 403 for sensitive, else 400. */
export function refusal(scimType: ScimType, detail: string, cause?: unknown): ScimError {
  return new ScimError(STATUS_OF.get(scimType) ?? 400, scimType, detail, cause)
}

/** Repeats a client's own text in an error: quoted, escaped and at most 80 characters of it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text)
}

/** The body of an error response (RFC 7644 §3.12): `status` is a string. */
export interface ErrorBody {
  readonly schemas: readonly [string]
  readonly status: string
  readonly scimType?: ScimType
  readonly detail: string
}

/** Turns an error into the body that goes with its status. */
export function errorBody({ status, scimType, detail }: ScimError): ErrorBody {
  return { schemas: [ERROR_URN], status: String(status), ...(scimType && { scimType }), detail }
}
