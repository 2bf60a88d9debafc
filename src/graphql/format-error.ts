import type { ApolloServerPlugin, GraphQLRequest, GraphQLRequestListener } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import { AppError, ERROR_CODES, type ErrorCode } from '../kernel/errors'
import type { GraphQLContext } from './context'

// Apollo's and graphql-js's own codes are all faults of the document or its variables.
const CLIENT_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
  'INTROSPECTION_DISABLED',
])

const MESSAGE_LENGTH = 400

// These end the whole operation, so they set its HTTP status too.
const STATUS_CODES: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
  'COST_EXCEEDED',
])

/** The only place where an error gets its GraphQL face. Everything unexpected is masked. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = unwrapResolverError(error)
  const { locations, path } = formatted
  if (cause instanceof AppError) {
    const { permission, retryAfterSeconds } = cause.details
    return { message: cause.message, locations, path, extensions: { code: cause.code, permission, retryAfterSeconds } }
  }
  const code = formatted.extensions?.code
  if (code === 'COST_EXCEEDED') return { message: formatted.message, extensions: { code } }
  if (typeof code === 'string' && CLIENT_FAULTS.has(code)) {
    // "Did you mean" would list the schema to those who may not introspect it; the value that was sent may be long.
    const message = shortened(formatted.message.replace(/ Did you mean .*\?$/s, ''))
    return { message, locations, path, extensions: { code: 'BAD_USER_INPUT' } }
  }
  return {
    message: 'Something failed on our side; tell the operator the request id.',
    locations,
    path,
    extensions: { code: 'INTERNAL' },
  }
}

/** Tells the log of the errors whose cause the caller does not see. */
export function logCauses(
  errors: readonly GraphQLError[],
  { operation }: GraphQLContext,
  logCause: (error: unknown, requestId: string) => void,
): void {
  for (const error of errors) {
    const cause = unwrapResolverError(error)
    const isExpected = cause instanceof AppError ? cause.code !== 'UNAVAILABLE' : cause === error
    if (!isExpected) logCause(cause, operation.caller.request.id)
  }
}

function wantsStatusCodes({ http }: GraphQLRequest): boolean {
  return http?.headers.get('accept')?.includes('application/graphql-response+json') ?? false
}

function shortened(message: string): string {
  return message.length <= MESSAGE_LENGTH
    ? message
    : `${message.slice(0, MESSAGE_LENGTH / 2)} … ${message.slice(-MESSAGE_LENGTH / 2)}`
}

/** Gives the response its status, its extensions, and the log the causes that the caller does not see. */
export function responsePlugin(
  logCause: (error: unknown, requestId: string) => void,
): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async didEncounterErrors({ errors, contextValue }) {
      logCauses(errors, contextValue, logCause)
    },
    async willSendResponse({ request, source, response, contextValue }) {
      const { body, http } = response
      if (body.kind !== 'single') return
      // Apollo would parse the header to find out; it still does so for every other one.
      const accept = request.http?.headers.get('accept')
      if (accept === undefined || accept === 'application/json' || accept === '*/*')
        http.headers.set('content-type', 'application/json; charset=utf-8')
      const { denied, operation } = contextValue
      const extensions: Record<string, unknown> = {
        ...body.singleResult.extensions,
        requestId: operation.caller.request.id,
      }
      if (denied.length > 0) extensions.denied = denied
      body.singleResult.extensions = extensions
      const ending = body.singleResult.errors?.find((error) => STATUS_CODES.has(String(error.extensions?.code)))
      // GraphQL over HTTP, "application/json": a document at fault is answered with 200, unlike in the newer media type.
      if (!ending && source && http.status === 400 && !wantsStatusCodes(request)) http.status = 200
      if (!ending) return
      http.status = ERROR_CODES[ending.extensions!.code as ErrorCode].status
      const wait = ending.extensions?.retryAfterSeconds
      if (typeof wait === 'number') http.headers.set('retry-after', wait.toFixed(0))
    },
  }
  return { requestDidStart: async () => listener }
}
