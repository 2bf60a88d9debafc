import { quoted, refusal } from '../errors'
import type { Attribute, ResourceType } from '../schema/definition'
import { type AttributePath, notationOf, resolve } from '../schema/resolve'
import { caseKey, parseDateTime } from '../text'
import type { Filter, Literal, Operator } from './syntax'

/**
 * A filter whose names are looked up and whose values have the type of their attribute. It is what a provider turns
 * into SQL and what `matches` evaluates; both must agree on:
 *
 * - an attribute without value, or a multi-valued one without elements, is one unassigned value;
 * - any element of a multi-valued attribute may match; in `element` all conditions hold for the same one, and `path.sub`
 *   of the inner filter is looked up in that element;
 * - `ne` is the opposite of `eq` for one value, so it matches what is unassigned; all others but `eq null` do not;
 * - `present` is false for null, "", [] and {}.
 */
export type BoundFilter =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly BoundFilter[] }
  | { readonly kind: 'not'; readonly operand: BoundFilter }
  | { readonly kind: 'present'; readonly path: AttributePath }
  | {
      readonly kind: 'compare'
      readonly path: AttributePath
      readonly operator: Operator
      readonly operand: Operand
    }
  | { readonly kind: 'element'; readonly path: AttributePath; readonly filter: BoundFilter }
  | { readonly kind: 'constant'; readonly value: boolean }

/** What is compared with; the type says how. */
export type Operand =
  /** `key` is what compares: the text as it was sent when the attribute is caseExact, else its caseKey. */
  | { readonly type: 'text'; readonly text: string; readonly key: string; readonly caseExact: boolean }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'number'; readonly value: number }
  /** Milliseconds since 1970 UTC. */
  | { readonly type: 'dateTime'; readonly value: number }
  /** Unassigned: `eq null` and `ne null`. */
  | { readonly type: 'null' }

/**
 * Looks up the names of a filter and gives its values types.
 *
 * @param unknown  'refuse' on `/Users` and `/Groups`; 'unassigned' for a search across types, where an attribute that a
 *                 type does not have is one without value (RFC 7644 §3.4.2.1)
 * @throws         invalidFilter for unknown names and comparisons that the type does not have; sensitive for attributes
 *                 that are never returned, since the answer would tell their values
 */
export function bindFilter(
  filter: Filter,
  type: ResourceType,
  unknown: 'refuse' | 'unassigned' = 'refuse',
): BoundFilter {
  return bind(filter, (name) => {
    const named = resolve(type, name)
    if (named?.kind === 'attribute') return named
    if (unknown === 'unassigned') return undefined
    throw refusal('invalidFilter', `${type.name} has no attribute ${quoted(name)} to filter by. See /Schemas.`)
  })
}

/**
 * Binds what stands in the brackets after a complex attribute.
 *
 * @param parent  the attribute before the bracket
 */
export function bindElementFilter(filter: Filter, parent: AttributePath): BoundFilter {
  return bind(filter, (name) => {
    const sub = parent.attribute.subAttributes.get(name.toLowerCase())
    if (sub) return { ...parent, sub }
    throw refusal('invalidFilter', `${quoted(parent.attribute.notation)} has no sub-attribute ${quoted(name)}.`)
  })
}

type Lookup = (name: string) => AttributePath | undefined

function bind(filter: Filter, lookup: Lookup): BoundFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, operands: filter.operands.map((operand) => bind(operand, lookup)) }
    case 'not':
      return { kind: 'not', operand: bind(filter.operand, lookup) }
    case 'present': {
      const path = lookup(filter.name)
      return path ? { kind: 'present', path: readable(path) } : { kind: 'constant', value: false }
    }
    case 'compare': {
      const path = lookup(filter.name)
      return path ? bindComparison(filter, path) : { kind: 'constant', value: isTrueOfUnassigned(filter) }
    }
    case 'element': {
      const path = lookup(filter.name)
      return path ? bindElement(filter, path) : { kind: 'constant', value: false }
    }
  }
}

/** `eq null`, or `ne` with something. */
function isTrueOfUnassigned({ operator, value }: { operator: Operator; value: Literal }): boolean {
  return operator === (value === null ? 'eq' : 'ne')
}

function bindElement({ filter }: { filter: Filter }, path: AttributePath): BoundFilter {
  if (path.sub || path.attribute.type !== 'complex') {
    throw refusal('invalidFilter', `${quoted(notationOf(path))} has no sub-attributes to put into brackets.`)
  }
  return { kind: 'element', path, filter: bindElementFilter(filter, path) }
}

function bindComparison(
  { operator, value }: { operator: Operator; value: Literal },
  written: AttributePath,
): BoundFilter {
  const path = readable(withValueSub(written))
  const compared = path.sub ?? path.attribute
  if (value === null) {
    if (operator === 'eq' || operator === 'ne') return { kind: 'compare', path, operator, operand: { type: 'null' } }
    throw refusal('invalidFilter', `null can be compared by eq and ne only, not by ${operator}.`)
  }
  return { kind: 'compare', path, operator, operand: operandOf(compared, operator, value) }
}

/** A complex attribute stands for its `value` (RFC 7644 figure 2: `emails co "x"`; Entra: `members eq "id"`). */
function withValueSub(path: AttributePath): AttributePath {
  if (path.sub || path.attribute.type !== 'complex') return path
  const sub = path.attribute.subAttributes.get('value')
  if (sub) return { ...path, sub }
  const first = path.attribute.subAttributes.values().next().value
  throw refusal(
    'invalidFilter',
    `${quoted(path.attribute.notation)} is complex. Name a sub-attribute, such as ${quoted(first?.notation ?? '')}.`,
  )
}

function readable(path: AttributePath): AttributePath {
  if (path.attribute.returned !== 'never' && path.sub?.returned !== 'never') return path
  throw refusal('sensitive', `${quoted(notationOf(path))} is never returned and cannot be filtered by.`)
}

function operandOf(attribute: Attribute, operator: Operator, value: Exclude<Literal, null>): Operand {
  switch (attribute.type) {
    case 'boolean':
      only(attribute, operator, ['eq', 'ne'])
      return { type: 'boolean', value: booleanOf(attribute, value) }
    case 'integer':
    case 'decimal':
      only(attribute, operator, ORDERED)
      if (typeof value !== 'number') throw wrongLiteral(attribute, 'a number without quotes')
      return { type: 'number', value }
    case 'dateTime': {
      only(attribute, operator, ORDERED)
      const moment = typeof value === 'string' ? parseDateTime(value) : undefined
      if (moment === undefined) throw wrongLiteral(attribute, 'a date and time such as "2025-01-31T08:00:00Z"')
      return { type: 'dateTime', value: moment }
    }
    default: {
      if (attribute.type === 'binary') only(attribute, operator, ['eq', 'ne'])
      if (typeof value !== 'string') throw wrongLiteral(attribute, 'a text in double quotes')
      const { caseExact } = attribute
      return { type: 'text', text: value, key: caseExact ? value : caseKey(value), caseExact }
    }
  }
}

const ORDERED: readonly Operator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le']

function only(attribute: Attribute, operator: Operator, allowed: readonly Operator[]): void {
  if (allowed.includes(operator)) return
  const { notation, type } = attribute
  throw refusal(
    'invalidFilter',
    `${quoted(notation)} is ${type} and knows only ${allowed.join(', ')}, not ${operator}.`,
  )
}

/** Entra asks for `roles[primary eq "True"]`. */
function booleanOf(attribute: Attribute, value: Exclude<Literal, null>): boolean {
  const text = typeof value === 'string' ? value.toLowerCase() : value
  if (text === true || text === 'true') return true
  if (text === false || text === 'false') return false
  throw wrongLiteral(attribute, 'true or false')
}

function wrongLiteral({ notation, type }: Attribute, remedy: string) {
  return refusal('invalidFilter', `${quoted(notation)} is ${type}. Compare it with ${remedy}.`)
}
