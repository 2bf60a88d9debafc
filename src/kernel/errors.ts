/** How one error code looks to the person who meets it. `docs/ERRORS.md` is held equal to this table by a test. */
export interface ErrorCodeDescription {
  /** HTTP status where the code travels outside GraphQL, and of top-level GraphQL errors. */
  readonly status: number
  readonly meaning: string
  readonly remedy: string
}

/** Every code the product can answer with. A code never changes its meaning; texts may. */
export const ERROR_CODES = {
  INVALID: {
    status: 400,
    meaning: 'A value is malformed or outside its bounds.',
    remedy: 'Correct the value named by path.',
  },
  REQUIRED: { status: 400, meaning: 'A needed value is missing or blank.', remedy: 'Send the value named by path.' },
  TOO_LONG: { status: 400, meaning: 'A text is longer than allowed.', remedy: 'Shorten the value named by path.' },
  TOO_MANY: {
    status: 400,
    meaning: 'A list holds more items than one call takes.',
    remedy: 'Split the list into several calls.',
  },
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'No valid session or key came with the request.',
    remedy: 'Sign in again, or send a valid bearer token.',
  },
  FORBIDDEN: {
    status: 403,
    meaning: 'The caller can see the object but lacks a permission.',
    remedy: 'Ask an Admin of the organization for the permission.',
  },
  NOT_FOUND: {
    status: 404,
    meaning: 'The object does not exist, or the caller cannot see it.',
    remedy: 'Check the id and the organization you are signed in to.',
  },
  NOT_UNIQUE: { status: 409, meaning: 'The value is already taken.', remedy: 'Choose another value.' },
  CONFLICT: {
    status: 409,
    meaning: 'Somebody else changed the object at the same time.',
    remedy: 'Read it again and repeat the call.',
  },
  VERSION_MISMATCH: {
    status: 409,
    meaning: 'expectedVersion is not the current version.',
    remedy: 'Read the object again, then repeat with its version.',
  },
  WRONG_STATE: {
    status: 409,
    meaning: 'The object is in a state that does not allow this.',
    remedy: 'Read its status; the message names the allowed ones.',
  },
  MEMBERSHIP_MODE: {
    status: 409,
    meaning: 'The membership mode of the organization does not allow this.',
    remedy: 'Use the way of joining that the organization has chosen.',
  },
  MANAGED_BY_DIRECTORY: {
    status: 409,
    meaning: 'A directory of the identity provider decides this.',
    remedy: 'Change it at the identity provider, or pause the directory.',
  },
  LAST_ADMIN: {
    status: 409,
    meaning: 'The organization would be left without an Admin.',
    remedy: 'Make somebody else Admin first.',
  },
  LAST_WAY_IN: {
    status: 409,
    meaning: 'Members come by SSO, and nobody could sign in any more.',
    remedy: 'Activate another connection or give an Admin recovery codes (break-glass) first.',
  },
  LAST_IDENTITY: {
    status: 409,
    meaning: 'The account would be left without a way to sign in.',
    remedy: 'Link another way to sign in first.',
  },
  SELF: {
    status: 409,
    meaning: 'Nobody can do this to themselves.',
    remedy: 'Ask another Admin, or leave the organization.',
  },
  ALREADY_MEMBER: {
    status: 409,
    meaning: 'The person is a member already.',
    remedy: 'Nothing to do; change the role instead if needed.',
  },
  ALREADY_INVITED: {
    status: 409,
    meaning: 'A pending invitation to this address exists.',
    remedy: 'Resend or revoke the existing invitation.',
  },
  OTHER_ORGANIZATION: {
    status: 409,
    meaning: 'The person belongs to another organization, and this installation allows one.',
    remedy: 'Leave the other organization first, or use another account.',
  },
  EMAIL_MISMATCH: {
    status: 403,
    meaning: 'None of the verified addresses of this account was invited.',
    remedy: 'Sign in with the invited address.',
  },
  EXPIRED: {
    status: 410,
    meaning: 'The link, code or invitation is too old or was used.',
    remedy: 'Ask for a new one.',
  },
  COUNT_MISMATCH: {
    status: 409,
    meaning: 'The filter matches another number than expectedCount.',
    remedy: 'Look at the matches again and confirm the new number.',
  },
  CONFIRMATION_MISMATCH: {
    status: 400,
    meaning: 'The typed confirmation differs from the slug.',
    remedy: 'Type the slug exactly.',
  },
  LIMIT_EXCEEDED: {
    status: 409,
    meaning: 'A quota of the organization is used up.',
    remedy: 'Free some, or ask the operator to raise the quota.',
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'Too many attempts in a short time.',
    remedy: 'Wait for the time named in Retry-After.',
  },
  COST_EXCEEDED: {
    status: 400,
    meaning: 'The GraphQL document is too deep, too long or too expensive.',
    remedy: 'Ask for less: smaller pages, fewer levels, fewer aliases.',
  },
  BAD_USER_INPUT: {
    status: 400,
    meaning: 'The GraphQL document or its variables do not fit the schema.',
    remedy: 'Compare the document with schema.graphql.',
  },
  UNAVAILABLE: {
    status: 503,
    meaning: 'The database cannot be reached or has no free connection, or the request took too long and was undone.',
    remedy: 'Repeat after the time named in Retry-After.',
  },
  INTERNAL: {
    status: 500,
    meaning: 'Something failed that should not have.',
    remedy: 'Report the request id to the operator.',
  },
} as const satisfies Record<string, ErrorCodeDescription>

/** A stable, machine-readable error code. */
export type ErrorCode = keyof typeof ERROR_CODES

/** Facts that go with an error: all of them are safe to show to the caller. */
export interface ErrorDetails {
  /** Path into the arguments, e.g. `['input', 'slug']`. */
  path?: readonly string[]
  /** The permission that was missing; goes with FORBIDDEN. */
  permission?: string
  /** Seconds to wait; goes with RATE_LIMITED and UNAVAILABLE. */
  retryAfterSeconds?: number
}

/**
 * The one error class of the product. The message is written for the caller and says what to do next; the private
 * cause goes to the log only. Transports turn the code into their own face in exactly one file each.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}

/** Several problems of one input, reported together so that a form can show all of them at once. */
export class InputProblems extends AppError {
  readonly problems: readonly AppError[]

  constructor(problems: readonly [AppError, ...AppError[]]) {
    super(problems[0].code, problems[0].message, problems[0].details)
    this.problems = problems
  }
}
