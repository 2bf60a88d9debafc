import { quoted, refusal } from '../errors'
import type { ResourceType } from '../schema/definition'
import { type AttributePath, notationOf, resolve } from '../schema/resolve'
import { caseKey, compareTexts, parseDateTime } from '../text'
import { attributeAt, isAttributes, type Resource, type Value, valuesOf } from '../values'
import { isPrimary } from './multi-valued'

/** An order of resources (RFC 7644 §3.4.2.3), looked up; `id` decides among equals, so that pages stay stable. */
export interface Sort {
  readonly path: AttributePath
  readonly descending: boolean
}

/**
 * Looks up `sortBy` and `sortOrder`.
 *
 * @returns  undefined without sortBy: then `sortOrder` says nothing
 * @throws   invalidValue for an attribute that has no order or an order that is neither ascending nor descending;
 *           sensitive for attributes that are never returned
 */
export function sortOf(
  type: ResourceType,
  sortBy: string | undefined,
  sortOrder: string | undefined,
): Sort | undefined {
  const order = (sortOrder ?? 'ascending').toLowerCase()
  if (order !== 'ascending' && order !== 'descending') {
    throw refusal('invalidValue', '"sortOrder" must be "ascending" or "descending".')
  }
  if (sortBy === undefined) return undefined
  return { path: sortablePath(type, sortBy), descending: order === 'descending' }
}

/** Compares two resources for Array.sort: those without a value come last ascending and first descending. */
export function compareBy({ path, descending }: Sort): (one: Resource, other: Resource) => number {
  return (one, other) => {
    const difference = compareKeys(sortKey(one, path), sortKey(other, path))
    if (difference !== 0) return descending ? -difference : difference
    return compareKeys(idOf(one), idOf(other))
  }
}

/**
 * What a resource is sorted by: of a multi-valued attribute the primary or else the first element; the caseKey of a
 * text that is not caseExact; a moment as milliseconds.
 */
export function sortKey(resource: Resource, path: AttributePath): string | number | undefined {
  const values = valuesOf(attributeAt(resource, path))
  const value = values.find(isPrimary) ?? values[0]
  const { sub } = path
  return comparable(path, sub && isAttributes(value) ? value[sub.name] : value)
}

function idOf({ id }: Resource): string | undefined {
  return typeof id === 'string' ? id : undefined
}

function sortablePath(type: ResourceType, sortBy: string): AttributePath {
  const named = resolve(type, sortBy)
  if (named?.kind !== 'attribute') {
    throw refusal('invalidValue', `${type.name} has no attribute ${quoted(sortBy)} to sort by. See /Schemas.`)
  }
  const value = named.attribute.subAttributes.get('value')
  const path = named.sub || !value ? named : { ...named, sub: value }
  const sorted = path.sub ?? path.attribute
  if (sorted.returned === 'never') {
    throw refusal('sensitive', `${quoted(notationOf(path))} is never returned and cannot be sorted by.`)
  }
  if (sorted.type === 'complex' || sorted.type === 'binary') {
    throw refusal(
      'invalidValue',
      `${quoted(notationOf(path))} is ${sorted.type} and has no order. Sort by another one.`,
    )
  }
  return path
}

function comparable({ attribute, sub }: AttributePath, value: Value | undefined): string | number | undefined {
  const { type, caseExact } = sub ?? attribute
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string') return undefined
  if (type === 'dateTime') return parseDateTime(value)
  return caseExact ? value : caseKey(value)
}

function compareKeys(one: string | number | undefined, other: string | number | undefined): number {
  if (one === other) return 0
  if (one === undefined) return 1
  if (other === undefined) return -1
  if (typeof one === 'string' && typeof other === 'string') return compareTexts(one, other)
  return one < other ? -1 : 1
}
