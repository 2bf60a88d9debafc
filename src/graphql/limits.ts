import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server'
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { GraphQLContext } from './context'

/** What one operation may ask for. Twice what the dearest page of a console needs. */
export const LIMITS = { depth: 12, aliases: 60, directives: 50, cost: 1_500 } as const

// A list that does not say how long it is: the lists that page say it by `first` or `last`, some others by `@listSize`.
const ASSUMED_LIST_SIZE = 10
const ASSUMED_PAGE_SIZE = 25
// Each mutation is a transaction of its own.
const MUTATION_COST = 10

/** What an operation asks for, its fragments unfolded and its variables filled in. */
export interface Measure {
  /** Levels of fields; the root fields are level 1. */
  readonly depth: number
  readonly aliases: number
  readonly directives: number
  /** Objects that may have to be read. */
  readonly cost: number
  /** Of these, objects for each item of the page whose `nodes` or `edges` are being measured. */
  readonly costPerItem: number
  /** Lists with what each costs, dearest first, at most three. */
  readonly dearest: readonly { readonly path: string; readonly cost: number }[]
}

/**
 * Measures one operation of a valid document. An object costs 1, a list its size times its item, a mutation 10 more;
 * the size is what `first`, `last`, a list of ids or `@listSize` says. Every fragment is measured once, however often it is spread,
 * so that a document that unfolds to billions of fields is measured as fast as any other. What `@skip` may leave out
 * counts. `__schema` and `__type` are free: production refuses them, and graphql-js bounds how they nest.
 */
export function measureOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Measure {
  const known = MEASURED.get(operation)
  if (known) return known
  const meter = new Meter(schema, document, operation, variables)
  const measure = meter.measure()
  if (!meter.hasReadVariables) MEASURED.set(operation, measure)
  return measure
}

// Of operations that say all sizes themselves; documents are kept and sent again.
const MEASURED = new WeakMap<OperationDefinitionNode, Measure>()

/** Refuses operations that are too deep, too long or too expensive before any resolver runs. */
export function limitsPlugin(): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => LIMITS_LISTENER,
  }
}

const LIMITS_LISTENER: GraphQLRequestListener<GraphQLContext> = {
  async didResolveOperation({ schema, document, operation, request }) {
    const problem = operation && excess(measureOperation(schema, document, operation, request.variables ?? {}))
    if (problem) throw new GraphQLError(problem, { extensions: { code: 'COST_EXCEEDED' } })
  },
}

function excess(measure: Measure): string | null {
  const { depth, aliases, directives, cost, dearest } = measure
  if (depth > LIMITS.depth) return `The operation is ${depth} levels deep; ${LIMITS.depth} are allowed.`
  if (aliases > LIMITS.aliases) return `The operation has ${aliases} aliases; ${LIMITS.aliases} are allowed.`
  if (directives > LIMITS.directives)
    return `The operation has ${directives} directives; ${LIMITS.directives} are allowed.`
  if (cost <= LIMITS.cost) return null
  const lists = dearest.map((list) => `${list.path} (${list.cost})`).join(', ')
  return `The operation costs ${cost} points; ${LIMITS.cost} are allowed. Ask for smaller pages${lists && `; dearest: ${lists}`}.`
}

const NOTHING: Measure = { depth: 0, aliases: 0, directives: 0, cost: 0, costPerItem: 0, dearest: [] }

class Meter {
  readonly #fragments = new Map<string, FragmentDefinitionNode>()
  readonly #measured = new Map<string, Measure>()
  readonly #defaults = new Map<string, unknown>()
  /** True when the measure depends on what was sent beside the document. */
  hasReadVariables = false

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition)
    for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
      if (defaultValue) this.#defaults.set(variable.name.value, this.#valueOf(defaultValue))
  }

  measure(): Measure {
    const { operation } = this
    const root = this.schema.getRootType(operation.operation)
    const measure = this.#selection(operation.selectionSet, root ?? undefined)
    return { ...measure, directives: measure.directives + (operation.directives?.length ?? 0) }
  }

  #selection(selectionSet: SelectionSetNode, parent: GraphQLNamedType | undefined): Measure {
    let total = NOTHING
    for (const node of selectionSet.selections) {
      const here = { ...NOTHING, directives: node.directives?.length ?? 0 }
      const below =
        node.kind === Kind.FIELD
          ? this.#field(node, parent)
          : node.kind === Kind.FRAGMENT_SPREAD
            ? this.#fragment(node.name.value)
            : this.#selection(
                node.selectionSet,
                node.typeCondition ? this.schema.getType(node.typeCondition.name.value) : parent,
              )
      total = sum(sum(total, here), below)
    }
    return total
  }

  #fragment(name: string): Measure {
    const known = this.#measured.get(name)
    if (known) return known
    const fragment = this.#fragments.get(name)
    if (!fragment) return NOTHING
    const measure = this.#selection(fragment.selectionSet, this.schema.getType(fragment.typeCondition.name.value))
    this.#measured.set(name, measure)
    return measure
  }

  #field(node: FieldNode, parent: GraphQLNamedType | undefined): Measure {
    const aliases = node.alias ? 1 : 0
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined
    const type = field && getNamedType(field.type)
    if (!field || !type || !isCompositeType(type) || !node.selectionSet) return { ...NOTHING, depth: 1, aliases }
    const path = node.alias?.value ?? node.name.value
    const inside = this.#selection(node.selectionSet, type)
    const own = { ...inside, depth: inside.depth + 1, aliases: inside.aliases + aliases, costPerItem: 0 }
    // `nodes` and `edges` are as long as the page, which only the field that answers the connection knows.
    if (isConnection(parent) && (node.name.value === 'nodes' || node.name.value === 'edges'))
      return {
        ...own,
        cost: 0,
        costPerItem: inside.cost + (node.name.value === 'nodes' ? 1 : 0),
        dearest: below(path, inside),
      }
    const size = this.#sizeOf(node, field)
    const objects = isConnection(type) ? 1 + inside.cost + size * inside.costPerItem : size * (1 + inside.cost)
    const cost = objects + (parent === this.schema.getMutationType() ? MUTATION_COST : 0)
    const dearest = below(path, inside, size)
    return { ...own, cost, dearest: threeDearest(size > 1 ? [{ path, cost }, ...dearest] : dearest) }
  }

  /** How many objects a field answers at most. */
  #sizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>): number {
    const isPaged = field.args.some(({ name }) => name === 'first' || name === 'last')
    if (isPaged || isConnection(getNamedType(field.type))) return this.#pageSize(node, field)
    if (!isListType(getNullableType(field.type))) return 1
    return this.#listArgumentLength(node) ?? assumedSize(field)
  }

  #pageSize(node: FieldNode, field: GraphQLField<unknown, unknown>): number {
    for (const name of ['first', 'last']) {
      const argument = node.arguments?.find((candidate) => candidate.name.value === name)
      const declared = field.args.find((candidate) => candidate.name === name)?.defaultValue
      const size = argument ? this.#valueOf(argument.value) : declared
      if (typeof size === 'number') return Math.max(size, 1)
    }
    return ASSUMED_PAGE_SIZE
  }

  #listArgumentLength(node: FieldNode): number | null {
    for (const { value } of node.arguments ?? []) {
      const list = this.#valueOf(value)
      if (Array.isArray(list)) return Math.max(list.length, 1)
    }
    return null
  }

  /** Numbers and lists only: nothing else decides a size. */
  #valueOf(value: NonNullable<FieldNode['arguments']>[number]['value']): unknown {
    if (value.kind === Kind.INT) return Number(value.value)
    if (value.kind === Kind.LIST) return value.values
    if (value.kind !== Kind.VARIABLE) return null
    const { value: name } = value.name
    this.hasReadVariables = true
    return this.variables[name] === undefined ? this.#defaults.get(name) : this.variables[name]
  }
}

/** `@listSize(assumedSize: …)` of the schema, as the Cost Directives specification of IBM has it. */
function assumedSize({ astNode }: GraphQLField<unknown, unknown>): number {
  const directive = astNode?.directives?.find(({ name }) => name.value === 'listSize')
  const size = directive?.arguments?.find(({ name }) => name.value === 'assumedSize')?.value
  return size?.kind === Kind.INT ? Number(size.value) : ASSUMED_LIST_SIZE
}

function isConnection(type: GraphQLNamedType | undefined): boolean {
  return isObjectType(type) && type.name.endsWith('Connection')
}

function below(path: string, { dearest }: Measure, size = 1): Measure['dearest'] {
  return dearest.map((list) => ({ path: `${path}.${list.path}`, cost: list.cost * size }))
}

function sum(a: Measure, b: Measure): Measure {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
    cost: a.cost + b.cost,
    costPerItem: a.costPerItem + b.costPerItem,
    dearest: threeDearest([...a.dearest, ...b.dearest]),
  }
}

function threeDearest(lists: Measure['dearest']): Measure['dearest'] {
  return lists.length < 2 ? lists : [...lists].sort((one, other) => other.cost - one.cost).slice(0, 3)
}
