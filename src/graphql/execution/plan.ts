import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLID,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql'

/** What has been worked out of one operation of a document, once for all requests that send it. */
export interface OperationPlan {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly fields: SelectionPlan
}

/** The fields of one object type, in the order of the answer (GraphQL §6.3.2, CollectFields). */
export type SelectionPlan = readonly FieldPlan[]

export interface FieldPlan {
  /** Its name in the answer. */
  readonly key: string
  readonly name: string
  readonly parentType: GraphQLObjectType
  readonly definition: GraphQLField<unknown, unknown>
  /** Every place that asks for it; their sub-selections are merged. */
  readonly nodes: readonly FieldNode[]
  /** Null where the value is the property of that name. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | null
  readonly completion: Completion
}

/** How a value becomes a part of the answer (GraphQL §6.4.3, CompleteValue). */
export type Completion = { readonly isNonNull: boolean } & (
  | { readonly kind: 'typename' }
  /** A text is an ID or a String, which a string already is. */
  | { readonly kind: 'leaf'; readonly type: GraphQLLeafType; readonly isText: boolean }
  | { readonly kind: 'list'; readonly item: Completion }
  | { readonly kind: 'object'; readonly selection: () => SelectionPlan }
  | {
      readonly kind: 'abstract'
      readonly type: GraphQLAbstractType
      readonly selectionOf: (type: GraphQLObjectType) => SelectionPlan
    }
)

/**
 * Plans an operation of a valid document; null for what is left to graphql-js: introspection, `@skip` and `@include`.
 * Selections are planned when the first value reaches them, so a plan is never larger than what was answered with it.
 */
export function planOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationPlan | null {
  const root = schema.getRootType(operation.operation)
  if (!root || !isPlannable(document)) return null
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null)
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition
  const fields = new Planner(schema, fragments).selection(root, [operation.selectionSet])
  return { schema, operation, fragments, fields }
}

const CONDITIONS: ReadonlySet<string> = new Set(['skip', 'include'])
// Introspection is resolved by fields of no type of ours; `__proto__` is no name for a property.
const UNPLANNED: ReadonlySet<string> = new Set(['__schema', '__type', '__proto__'])

function isPlannable(document: DocumentNode): boolean {
  let isPlannable = true
  visit(document, {
    Directive: ({ name }) => void (isPlannable &&= !CONDITIONS.has(name.value)),
    Field: ({ name, alias }) => void (isPlannable &&= !UNPLANNED.has(name.value) && !UNPLANNED.has(alias?.value ?? '')),
  })
  return isPlannable
}

class Planner {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  ) {}

  selection(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): SelectionPlan {
    const groups = new Map<string, FieldNode[]>()
    const visited = new Set<string>()
    for (const selectionSet of selectionSets) this.#collect(type, selectionSet, groups, visited)
    return [...groups].map(([key, nodes]) => this.#field(type, key, nodes))
  }

  #collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    groups: Map<string, FieldNode[]>,
    visited: Set<string>,
  ): void {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value
        const group = groups.get(key)
        if (group) group.push(node)
        else groups.set(key, [node])
        continue
      }
      if (node.kind === Kind.FRAGMENT_SPREAD && visited.has(node.name.value)) continue
      if (node.kind === Kind.FRAGMENT_SPREAD) visited.add(node.name.value)
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.fragments[node.name.value]! : node
      if (this.#applies(fragment.typeCondition?.name.value, type))
        this.#collect(type, fragment.selectionSet, groups, visited)
    }
  }

  #applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true
    const wanted = this.schema.getType(condition)
    return isAbstractType(wanted) && this.schema.isSubType(wanted, type)
  }

  #field(parentType: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): FieldPlan {
    const name = nodes[0]!.name.value
    if (name === TypeNameMetaFieldDef.name)
      return {
        key,
        name,
        parentType,
        definition: TypeNameMetaFieldDef,
        nodes,
        resolve: null,
        completion: { kind: 'typename', isNonNull: true },
      }
    const definition = parentType.getFields()[name]!
    const completion = this.#completion(definition.type, nodes)
    return { key, name, parentType, definition, nodes, resolve: definition.resolve ?? null, completion }
  }

  #completion(type: GraphQLOutputType, nodes: readonly FieldNode[]): Completion {
    if (isNonNullType(type)) return { ...this.#completion(type.ofType, nodes), isNonNull: true }
    if (isListType(type)) return { kind: 'list', isNonNull: false, item: this.#completion(type.ofType, nodes) }
    if (isLeafType(type))
      return { kind: 'leaf', isNonNull: false, type, isText: type === GraphQLString || type === GraphQLID }
    const planned = new Map<GraphQLObjectType, SelectionPlan>()
    const selectionOf = (concrete: GraphQLObjectType): SelectionPlan => {
      const known = planned.get(concrete)
      if (known) return known
      const selection = this.selection(
        concrete,
        nodes.flatMap((node) => node.selectionSet ?? []),
      )
      planned.set(concrete, selection)
      return selection
    }
    if (isAbstractType(type)) return { kind: 'abstract', isNonNull: false, type, selectionOf }
    return { kind: 'object', isNonNull: false, selection: () => selectionOf(type) }
  }
}
