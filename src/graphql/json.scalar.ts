import { GraphQLScalarType } from 'graphql'

/** Any JSON value, for answers only. */
export const Json = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value. Only in answers.',
  serialize: (value) => value,
  parseValue: refuse,
  parseLiteral: refuse,
})

function refuse(): never {
  throw new TypeError('JSON is for answers only')
}
