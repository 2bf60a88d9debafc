import type { AttributePath } from '../schema/resolve'
import { caseKey, compareTexts, parseDateTime } from '../text'
import { attributeAt, isAttributes, isValues, type Resource, type Value, valuesOf } from '../values'
import type { BoundFilter, Operand } from './bind'
import type { Operator } from './syntax'

/** Whether a resource matches a filter, in time that grows with the values looked at. */
export function matches(filter: BoundFilter, resource: Resource): boolean {
  return holds(filter, (path) => valuesOf(attributeAt(resource, path)))
}

/** Whether one element of a multi-valued attribute matches the filter in the brackets after it. */
export function matchesElement(filter: BoundFilter, element: Value): boolean {
  return holds(filter, () => [element])
}

/** The values of `path.attribute`, before its sub-attribute is looked at. */
type Read = (path: AttributePath) => readonly Value[]

function holds(filter: BoundFilter, read: Read): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.operands.every((operand) => holds(operand, read))
    case 'or':
      return filter.operands.some((operand) => holds(operand, read))
    case 'not':
      return !holds(filter.operand, read)
    case 'constant':
      return filter.value
    case 'present':
      return candidates(filter.path, read).some(isPresent)
    case 'element':
      return read(filter.path).some((element) => matchesElement(filter.filter, element))
    case 'compare':
      return candidates(filter.path, read).some((value) => compares(filter.operator, value, filter.operand))
  }
}

/** What is compared: every value, undefined for an element that lacks the sub-attribute, one undefined for none at all. */
function candidates(path: AttributePath, read: Read): readonly (Value | undefined)[] {
  const values = read(path)
  if (values.length === 0) return [undefined]
  const { sub } = path
  return sub ? values.map((value) => (isAttributes(value) ? value[sub.name] : undefined)) : values
}

/** RFC 7644 table 3: neither null nor empty, and a complex value has a sub-attribute that is not empty. */
function isPresent(value: Value | undefined): boolean {
  if (value === undefined || value === '') return false
  if (isValues(value)) return value.some(isPresent)
  return !isAttributes(value) || Object.values(value).some(isPresent)
}

function compares(operator: Operator, value: Value | undefined, operand: Operand): boolean {
  if (operand.type === 'null') return (value === undefined) === (operator === 'eq')
  const actual = value === undefined ? undefined : comparable(value, operand)
  if (actual === undefined) return operator === 'ne'
  if (operand.type === 'text') return comparesText(operator, String(actual), operand.key)
  return comparesOrder(operator, order(actual, operand.value))
}

/** A stored value as its operand's type; undefined when it is not of that type. */
function comparable(value: Value, operand: Operand): string | number | boolean | undefined {
  switch (operand.type) {
    case 'text':
      return typeof value === 'string' ? (operand.caseExact ? value : caseKey(value)) : undefined
    case 'dateTime':
      return typeof value === 'string' ? parseDateTime(value) : undefined
    default:
      return typeof value === operand.type ? (value as number | boolean) : undefined
  }
}

function comparesText(operator: Operator, actual: string, key: string): boolean {
  switch (operator) {
    case 'co':
      return actual.includes(key)
    case 'sw':
      return actual.startsWith(key)
    case 'ew':
      return actual.endsWith(key)
    default:
      return comparesOrder(operator, compareTexts(actual, key))
  }
}

function order(one: string | number | boolean, other: number | boolean): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

function comparesOrder(operator: Operator, difference: number): boolean {
  switch (operator) {
    case 'eq':
      return difference === 0
    case 'ne':
      return difference !== 0
    case 'gt':
      return difference > 0
    case 'ge':
      return difference >= 0
    case 'lt':
      return difference < 0
    case 'le':
      return difference <= 0
    default:
      // co, sw and ew are bound to texts only.
      return false
  }
}
