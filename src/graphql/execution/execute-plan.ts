import {
  type ExecutionResult,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  isObjectType,
  locatedError,
  OperationTypeNode,
} from 'graphql'
import type { Completion, FieldPlan, OperationPlan, SelectionPlan } from './plan'

type MaybePromise<T> = T | Promise<T>
type Path = GraphQLResolveInfo['path']
type Answer = Record<string, unknown>

/**
 * Answers a planned operation as `execute` of graphql-js does (GraphQL §6): same values, same errors, same nulls.
 * What a plan spares is looking every field up again, an `info` for fields nobody resolves, and their paths.
 *
 * @param variables  coerced, without errors
 */
export async function executePlan(
  plan: OperationPlan,
  context: unknown,
  variables: Record<string, unknown>,
): Promise<ExecutionResult> {
  const run = new Run(plan, context, variables)
  try {
    const data = await run.operation()
    return run.errors.length > 0 ? { errors: run.errors, data } : { data }
  } catch (error) {
    run.collect(error as GraphQLError, undefined)
    return { errors: run.errors, data: null }
  }
}

class Run {
  readonly errors: GraphQLError[] = []
  readonly #nulled = new Set<Path | undefined>()

  constructor(
    private readonly plan: OperationPlan,
    private readonly context: unknown,
    private readonly variables: Record<string, unknown>,
  ) {}

  operation(): MaybePromise<Answer> {
    const { operation, fields } = this.plan
    if (operation.operation === OperationTypeNode.MUTATION) return this.#serially(fields)
    return this.#fields(fields, undefined, undefined)
  }

  /** Keeps an error, unless what stands at its place or above it was answered with null already. */
  collect(error: GraphQLError, path: Path | undefined): void {
    for (let step = path; step; step = step.prev) if (this.#nulled.has(step)) return
    if (this.#nulled.has(undefined)) return
    this.#nulled.add(path)
    this.errors.push(error)
  }

  async #serially(fields: SelectionPlan): Promise<Answer> {
    const answer: Answer = {}
    for (const field of fields) answer[field.key] = await this.#field(field, undefined, undefined)
    return answer
  }

  #fields(fields: SelectionPlan, source: unknown, path: Path | undefined): MaybePromise<Answer> {
    const answer: Answer = {}
    let waiting: string[] | null = null
    try {
      for (const field of fields) {
        const value = this.#field(field, source, path)
        answer[field.key] = value
        if (isPromise(value)) (waiting ??= []).push(field.key)
      }
    } catch (error) {
      if (!waiting) throw error
      return settled(answer, waiting).finally(() => {
        throw error
      })
    }
    return waiting ? settled(answer, waiting) : answer
  }

  #field(field: FieldPlan, source: unknown, above: Path | undefined): unknown {
    const { completion } = field
    if (completion.kind === 'typename') return field.parentType.name
    // A property that becomes a leaf needs its path only when something is wrong with it.
    if (!field.resolve && completion.kind === 'leaf') {
      const value = property(source, field.name)
      if (typeof value === 'string' && completion.isText) return value
      if (value === null && !completion.isNonNull) return null
      if (typeof value !== 'function' && !isPromise(value)) return this.#leaf(field, completion, value, above)
    }
    const path: Path = { prev: above, key: field.key, typename: field.parentType.name }
    try {
      const value = this.#resolve(field, source, path)
      const completed = isPromise(value)
        ? value.then((resolved) => this.#complete(field, completion, resolved, path))
        : this.#complete(field, completion, value, path)
      return isPromise(completed)
        ? completed.then(undefined, (error: unknown) => this.#fail(field, completion, error, path))
        : completed
    } catch (error) {
      return this.#fail(field, completion, error, path)
    }
  }

  #leaf(field: FieldPlan, completion: Completion & { kind: 'leaf' }, value: unknown, above: Path | undefined): unknown {
    try {
      return this.#complete(field, completion, value, above)
    } catch (error) {
      return this.#fail(field, completion, error, { prev: above, key: field.key, typename: field.parentType.name })
    }
  }

  #resolve(field: FieldPlan, source: unknown, path: Path): unknown {
    const { definition, nodes } = field
    if (!field.resolve) {
      const value = property(source, field.name)
      if (typeof value !== 'function') return value
    }
    const values = definition.args.length > 0 ? getArgumentValues(definition, nodes[0]!, this.variables) : {}
    const info = this.#info(field, path)
    if (field.resolve) return field.resolve(source, values, this.context, info)
    return (source as Record<string, (...call: unknown[]) => unknown>)[field.name]!(values, this.context, info)
  }

  #info({ name, nodes, definition, parentType }: FieldPlan, path: Path): GraphQLResolveInfo {
    const { schema, fragments, operation } = this.plan
    return {
      fieldName: name,
      fieldNodes: nodes,
      returnType: definition.type,
      parentType,
      path,
      schema,
      fragments,
      rootValue: undefined,
      operation,
      variableValues: this.variables,
    }
  }

  #complete(field: FieldPlan, completion: Completion, value: unknown, path: Path | undefined): unknown {
    if (value instanceof Error) throw value
    if (value === null || value === undefined) return completion.isNonNull ? missing(field) : null
    switch (completion.kind) {
      case 'leaf':
        return completion.type.serialize(value) ?? missing(field)
      case 'object':
        return this.#fields(completion.selection(), value, path)
      case 'list':
        return this.#list(field, completion.item, value, path)
      case 'abstract':
        return this.#abstract(field, completion, value, path!)
      case 'typename':
        return field.parentType.name
    }
  }

  #list(field: FieldPlan, completion: Completion, values: unknown, path: Path | undefined): MaybePromise<unknown[]> {
    if (!isIterable(values))
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.name}".`,
      )
    let isWaiting = false
    const items = Array.from(values, (value, index) => {
      const item = this.#item(field, completion, value, { prev: path, key: index, typename: undefined })
      isWaiting ||= isPromise(item)
      return item
    })
    return isWaiting ? Promise.all(items) : items
  }

  #item(field: FieldPlan, completion: Completion, value: unknown, path: Path): unknown {
    try {
      const completed = isPromise(value)
        ? value.then((resolved) => this.#complete(field, completion, resolved, path))
        : this.#complete(field, completion, value, path)
      return isPromise(completed)
        ? completed.then(undefined, (error: unknown) => this.#fail(field, completion, error, path))
        : completed
    } catch (error) {
      return this.#fail(field, completion, error, path)
    }
  }

  #abstract(field: FieldPlan, completion: Completion & { kind: 'abstract' }, value: unknown, path: Path): unknown {
    const { type, selectionOf } = completion
    const name = type.resolveType?.(value, this.context, this.#info(field, path), type)
    return isPromise(name)
      ? name.then((resolved) => this.#fields(selectionOf(this.#concrete(completion, resolved)), value, path))
      : this.#fields(selectionOf(this.#concrete(completion, name)), value, path)
  }

  #concrete({ type }: Completion & { kind: 'abstract' }, name: unknown): GraphQLObjectType {
    const { schema } = this.plan
    const concrete = typeof name === 'string' ? schema.getType(name) : undefined
    if (isObjectType(concrete) && schema.isSubType(type, concrete)) return concrete
    throw new GraphQLError(`A value of "${type.name}" is of no type that the schema knows.`)
  }

  /** A field that may be null takes the error in; any other hands it to what it stands in (GraphQL §6.4.4). */
  #fail(field: FieldPlan, completion: Completion, cause: unknown, path: Path): null {
    const error = locatedError(cause, field.nodes, arrayOf(path))
    if (completion.isNonNull) throw error
    this.collect(error, path)
    return null
  }
}

function property(source: unknown, name: string): unknown {
  return source === undefined || source === null ? undefined : (source as Record<string, unknown>)[name]
}

function missing({ parentType, name }: FieldPlan): never {
  throw new Error(`Cannot return null for non-nullable field ${parentType.name}.${name}.`)
}

/** Puts what the promises bring in their places, so that the fields keep their order. */
async function settled(answer: Answer, waiting: readonly string[]): Promise<Answer> {
  const values = await Promise.all(waiting.map((key) => answer[key]))
  waiting.forEach((key, index) => {
    answer[key] = values[index]
  })
  return answer
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as Promise<unknown>).then === 'function'
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return Array.isArray(value) || (typeof value === 'object' && value !== null && Symbol.iterator in value)
}

function arrayOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = []
  for (let step: Path | undefined = path; step; step = step.prev) keys.unshift(step.key)
  return keys
}
