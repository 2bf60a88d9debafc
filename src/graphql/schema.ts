import 'reflect-metadata'
import { printSchemaWithDirectives } from '@graphql-tools/utils'
import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLInt,
  GraphQLNonNull,
  type GraphQLSchema,
  GraphQLString,
  isInputObjectType,
  lexicographicSortSchema,
  specifiedDirectives,
} from 'graphql'
import { buildSchemaSync } from 'type-graphql'
import { RESOLVERS } from './resolvers'
import { ConflictError, InputError, PermissionError } from './user-error.type'

const CAN = new GraphQLDirective({
  name: 'can',
  description:
    'Permission the caller needs. A field answers null without it (see extensions.denied); a mutation answers FORBIDDEN.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: { do: { type: new GraphQLNonNull(GraphQLString), description: 'A key of the permission catalogue.' } },
})

const LIST_SIZE = new GraphQLDirective({
  name: 'listSize',
  description: 'How long a list that does not page usually is. It counts as that long in the cost of an operation.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: { assumedSize: { type: new GraphQLNonNull(GraphQLInt), description: 'Items; 10 without this directive.' } },
})

/** Builds the executable schema. */
export function buildGraphQLSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: RESOLVERS as never,
    orphanedTypes: [InputError, PermissionError, ConflictError],
    directives: [...specifiedDirectives, CAN, LIST_SIZE],
    // Inputs are checked by the models, where every transport meets the same rules.
    validate: false,
  })
  return enforceOneOf(schema)
}

/** The text of schema.graphql: sorted, with directives and descriptions. */
export function printGraphQLSchema(): string {
  return `${printSchemaWithDirectives(lexicographicSortSchema(buildGraphQLSchema()))}\n`
}

/** type-graphql prints @oneOf without enforcing it; graphql-js enforces it by this flag. */
function enforceOneOf(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInputObjectType(type)) continue
    if (type.astNode?.directives?.some((directive) => directive.name.value === 'oneOf')) type.isOneOf = true
  }
  return schema
}
