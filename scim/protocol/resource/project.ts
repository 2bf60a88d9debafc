import { MAX_EXPRESSION_LENGTH } from '../bounds'
import { refusal } from '../errors'
import type { Attribute, ResourceType } from '../schema/definition'
import { type AttributePath, resolve } from '../schema/resolve'
import {
  type Attributes,
  attributeAt,
  emptyAttributes,
  isAttributes,
  isValues,
  type Resource,
  type Value,
} from '../values'
import { attributesOf } from './read-resource'

/** Which attributes an answer shows (RFC 7644 §3.9). Make it once per request and type. */
export interface Projection {
  /** Whether the answer shows anything of an attribute, so that what is costly is not even loaded: `wants('members')`. */
  wants(name: string): boolean
  /** Whether it shows all that is shown by default, but for this attribute at most: `isDefaultBut('groups')`. */
  isDefaultBut(name: string): boolean
  /** The part of a resource that the answer shows. What is never returned is not in it, whatever was asked for. */
  of(resource: Resource): Resource
}

/** The two parameters; at most one of them. */
export interface ProjectionParameters {
  readonly attributes?: readonly string[] | undefined
  readonly excludedAttributes?: readonly string[] | undefined
}

/**
 * Looks up the names of `attributes` or `excludedAttributes`; unknown ones are ignored. A name of an extension stands
 * for all of it, a sub-attribute for itself.
 *
 * @throws invalidValue when both are given
 */
export function projectionOf(type: ResourceType, parameters: ProjectionParameters): Projection {
  const { attributes, excludedAttributes } = parameters
  if (attributes && excludedAttributes) {
    throw refusal('invalidValue', 'Send either "attributes" or "excludedAttributes", not both.')
  }
  if (attributes || excludedAttributes) return makeProjection(type, parameters)
  const known = byDefault.get(type) ?? makeProjection(type, {})
  byDefault.set(type, known)
  return known
}

// Most requests name no attributes.
const byDefault = new WeakMap<ResourceType, Projection>()

function makeProjection(type: ResourceType, { attributes, excludedAttributes }: ProjectionParameters): Projection {
  const excluded = namedIn(type, excludedAttributes ?? [])
  const selection = attributes ? onlyNamed(namedIn(type, attributes)) : allBut(excluded)
  const shown = attributesOf(type).flatMap((path) => {
    const shows = selection(path.attribute)
    return shows ? [{ path, shows }] : []
  })
  return {
    wants: (name) => {
      const named = resolve(type, name)
      return named?.kind === 'attribute' && shown.some(({ path }) => path.attribute === named.attribute)
    },
    isDefaultBut: (name) => !attributes && [...excluded].every((attribute) => attribute === type.attributes.get(name)),
    of: (resource) => project(resource, shown),
  }
}

/**
 * Cuts the text of an `attributes` parameter into names.
 *
 * @throws invalidValue when it is longer than MAX_EXPRESSION_LENGTH
 */
export function attributeNames(text: string): readonly string[] {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    throw refusal('invalidValue', `A list of attributes has at most ${MAX_EXPRESSION_LENGTH} characters.`)
  }
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** Which sub-attributes of an attribute are shown; simple attributes have none to ask about. */
type Shows = (sub: Attribute) => boolean

/** What is shown of an attribute; undefined: nothing. */
type Selection = (attribute: Attribute) => Shows | undefined

/** One attribute of the answer. */
interface Shown {
  readonly path: AttributePath
  readonly shows: Shows
}

const isShowable: Shows = ({ returned }) => returned !== 'never'

/** What was asked for, and what is returned always. */
function onlyNamed(named: ReadonlySet<Attribute>): Selection {
  return (attribute) => {
    if (attribute.returned === 'never') return undefined
    if (attribute.returned === 'always' || named.has(attribute)) return isShowable
    const isPartNamed = [...attribute.subAttributes.values()].some((sub) => named.has(sub))
    return isPartNamed ? (sub) => sub.returned === 'always' || (isShowable(sub) && named.has(sub)) : undefined
  }
}

/** What is returned by default, without what was excluded. */
function allBut(named: ReadonlySet<Attribute>): Selection {
  return (attribute) => {
    if (attribute.returned === 'always') return isShowable
    if (attribute.returned !== 'default' || named.has(attribute)) return undefined
    return (sub) => sub.returned === 'always' || (sub.returned === 'default' && !named.has(sub))
  }
}

function namedIn(type: ResourceType, names: readonly string[]): ReadonlySet<Attribute> {
  return new Set(
    names.flatMap((name) => {
      const named = resolve(type, name)
      if (!named) return []
      return named.kind === 'schema' ? [...named.schema.attributes.values()] : [named.sub ?? named.attribute]
    }),
  )
}

function project(resource: Resource, shown: readonly Shown[]): Resource {
  const projected = emptyAttributes()
  const extensions = new Map<string, Record<string, Value>>()
  for (const { path, shows } of shown) {
    const value = attributeAt(resource, path)
    const part = value === undefined ? undefined : partOf(value, path.attribute, shows)
    if (part === undefined) continue
    if (!path.extension) {
      projected[path.attribute.name] = part
      continue
    }
    const container = extensions.get(path.extension.id) ?? emptyAttributes()
    container[path.attribute.name] = part
    extensions.set(path.extension.id, container)
  }
  for (const [id, container] of extensions) projected[id] = container
  return projected
}

function partOf(value: Value, attribute: Attribute, shows: Shows): Value | undefined {
  if (attribute.type !== 'complex') return value
  if (isValues(value)) {
    const parts = value.flatMap((element) => partOf(element, attribute, shows) ?? [])
    return parts.length > 0 ? parts : undefined
  }
  return isAttributes(value) ? subAttributesOf(value, attribute, shows) : undefined
}

function subAttributesOf(value: Attributes, attribute: Attribute, shows: Shows): Attributes | undefined {
  const part = emptyAttributes()
  for (const sub of attribute.subAttributes.values()) {
    const child = value[sub.name]
    if (child !== undefined && shows(sub)) part[sub.name] = child
  }
  return Object.keys(part).length > 0 ? part : undefined
}
