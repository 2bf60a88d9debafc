import { GraphQLScalarType, Kind } from 'graphql'
import { AppError } from '../kernel/errors'

/** RFC 3339 instant in UTC with milliseconds. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'RFC 3339 instant in UTC, milliseconds.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => (value as Date).toISOString(),
  parseValue: (value) => readInstant(value),
  parseLiteral: (node) => readInstant(node.kind === Kind.STRING ? node.value : null),
})

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i

function readInstant(value: unknown): Date {
  const date = typeof value === 'string' && RFC_3339.test(value) ? new Date(value) : null
  if (!date || Number.isNaN(date.getTime()))
    throw new AppError('BAD_USER_INPUT', 'An instant looks like 2026-01-31T12:00:00Z.')
  return date
}
