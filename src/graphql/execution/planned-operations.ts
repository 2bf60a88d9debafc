import { type ApolloServerPlugin, type GraphQLRequestListener, HeaderMap } from '@apollo/server'
import { type GraphQLError, type GraphQLFormattedError, getVariableValues, type OperationDefinitionNode } from 'graphql'
import type { GraphQLContext } from '../context'
import { executePlan } from './execute-plan'
import { type OperationPlan, planOperation } from './plan'

/** What is done with the errors of an operation: Apollo does it only for what it has executed itself. */
export interface ErrorHandling {
  readonly encountered: (errors: readonly GraphQLError[], context: GraphQLContext) => void
  readonly format: (error: GraphQLError) => GraphQLFormattedError
}

/**
 * Executes operations by plans that are kept as long as Apollo keeps their document. What has no plan, or comes with
 * variables at fault, is left to graphql-js before anything of it has run.
 */
export function plannedOperations({ encountered, format }: ErrorHandling): ApolloServerPlugin<GraphQLContext> {
  const plans = new WeakMap<OperationDefinitionNode, OperationPlan | null>()
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async responseForOperation({ schema, document, operation, request, contextValue }) {
      // Apollo asks also when the document has no operation of that name.
      if (!(operation as OperationDefinitionNode | undefined)) return null
      let plan = plans.get(operation)
      if (plan === undefined) plans.set(operation, (plan = planOperation(schema, document, operation)))
      if (!plan) return null
      const variables = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}, {
        maxErrors: 1,
      })
      if (!variables.coerced) return null
      const { errors, data } = await executePlan(plan, contextValue, variables.coerced)
      if (errors) encountered(errors, contextValue)
      const singleResult = errors ? { errors: errors.map(format), data } : { data }
      return { body: { kind: 'single', singleResult }, http: { status: undefined, headers: new HeaderMap() } }
    },
  }
  return { requestDidStart: async () => listener }
}
