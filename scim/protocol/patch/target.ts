import { quoted, refusal, type ScimError } from '../errors'
import { type BoundFilter, bindElementFilter } from '../filter/bind'
import { type PathSyntax, parsePath } from '../filter/parser'
import type { ResourceType, Schema } from '../schema/definition'
import { type AttributePath, resolve } from '../schema/resolve'

/** What an operation of a PATCH is about. */
export interface Target extends AttributePath {
  /** Only the elements that match; undefined: all of them. */
  readonly filter: BoundFilter | undefined
}

/** What a path names: an attribute, or a schema with all of its attributes. */
export type PathTarget =
  | ({ readonly kind: 'attribute' } & Target)
  | { readonly kind: 'schema'; readonly schema: Schema }

/**
 * Reads the path of an operation and looks up its names.
 *
 * @throws invalidPath for what cannot be read and names that the schema does not have
 */
export function targetOf(type: ResourceType, path: string): PathTarget {
  const target = findTarget(type, path)
  if (target) return target
  throw refusal('invalidPath', `${type.name} has no attribute ${quoted(path)} to change. See /Schemas.`)
}

/**
 * What a key of an object without path names: written like a path. Undefined for names that the schema does not have.
 *
 * @throws invalidPath for brackets that cannot be read
 */
export function targetOfKey(type: ResourceType, key: string): PathTarget | undefined {
  if (key.includes('[')) return findTarget(type, key)
  const named = resolve(type, key)
  return named?.kind === 'attribute' ? { ...named, filter: undefined } : named
}

function findTarget(type: ResourceType, path: string): PathTarget | undefined {
  const syntax = parsePath(path)
  const named = resolve(type, syntax.name)
  if (!named) return undefined
  if (syntax.filter === undefined) return named.kind === 'schema' ? named : { ...named, filter: undefined }
  return named.kind === 'attribute' ? filteredTarget(named, syntax) : undefined
}

function filteredTarget(path: AttributePath, { filter, sub }: PathSyntax): PathTarget | undefined {
  const { attribute } = path
  if (path.sub || !attribute.multiValued || attribute.type !== 'complex' || filter === undefined) {
    throw refusal('invalidPath', `${quoted(attribute.notation)} has no elements to choose by brackets. Leave them out.`)
  }
  const subAttribute = sub === undefined ? undefined : attribute.subAttributes.get(sub.toLowerCase())
  if (sub !== undefined && !subAttribute) return undefined
  return { kind: 'attribute', ...path, sub: subAttribute, filter: bindForPath(filter, path) }
}

/** Whatever is wrong in the brackets is wrong with the path. */
function bindForPath(filter: NonNullable<PathSyntax['filter']>, path: AttributePath): BoundFilter {
  try {
    return bindElementFilter(filter, path)
  } catch (error) {
    throw refusal('invalidPath', (error as ScimError).detail, error)
  }
}
