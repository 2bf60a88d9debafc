import { MAX_BINARY_LENGTH, MAX_TEXT_LENGTH, MAX_VALUES } from '../bounds'

/** The data types of RFC 7643 §2.3. */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex'

/** What the definition of an attribute may say; what it leaves out has the default of RFC 7643 §2.2. */
export interface AttributeSpec {
  readonly name: string
  /** One sentence for /Schemas. */
  readonly description: string
  /** Default `string`. */
  readonly type?: AttributeType
  readonly multiValued?: boolean
  readonly required?: boolean
  /** Default false for texts; binary data and references are always exact. */
  readonly caseExact?: boolean
  readonly mutability?: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly'
  readonly returned?: 'always' | 'never' | 'default' | 'request'
  readonly uniqueness?: 'none' | 'server' | 'global'
  /** Suggestions, never a closed list (RFC 7643 §7). */
  readonly canonicalValues?: readonly string[]
  readonly referenceTypes?: readonly string[]
  readonly subAttributes?: readonly AttributeSpec[]
  /** Characters; not part of SCIM's schema, so the description says it where it is short. */
  readonly maxLength?: number
  /** Elements of a multi-valued attribute. */
  readonly maxValues?: number
  /** What POST stores when the attribute is not sent; a PUT without it keeps the stored value (RFC 7644 §3.5.1). */
  readonly initially?: boolean
}

/** One attribute with all of its characteristics; /Schemas shows them and everything else obeys them. */
export interface Attribute extends Readonly<Required<Omit<AttributeSpec, 'subAttributes' | 'initially'>>> {
  readonly initially: boolean | undefined
  /** By lower-case name; empty unless complex. */
  readonly subAttributes: ReadonlyMap<string, Attribute>
  /** How a client writes it in a filter or path: with its extension's URN, and the parent before a dot. */
  readonly notation: string
}

/** A schema of RFC 7643 §7, such as the core User or an extension. */
export interface Schema {
  /** The URN. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** By lower-case name. */
  readonly attributes: ReadonlyMap<string, Attribute>
}

/** A kind of resource: a core schema, the extensions it may carry, and the endpoint it lives at. */
export interface ResourceType {
  readonly name: string
  /** Relative to the base, such as `/Users`. */
  readonly endpoint: string
  readonly description: string
  readonly schema: Schema
  readonly extensions: readonly Schema[]
  /** The common attributes (RFC 7643 §3.1) and those of the core schema, by lower-case name. */
  readonly attributes: ReadonlyMap<string, Attribute>
}

/**
 * Makes a schema of what its attributes say.
 *
 * @param kind  'core': clients name its attributes bare; 'extension': with the URN and a colon in front
 */
export function defineSchema(
  kind: 'core' | 'extension',
  { id, name, description, attributes }: Pick<Schema, 'id' | 'name' | 'description'> & { attributes: AttributeSpec[] },
): Schema {
  return { id, name, description, attributes: byName(attributes, kind === 'core' ? '' : `${id}:`) }
}

/** Attributes by lower-case name, each with `prefix` before its notation. */
export function byName(specs: readonly AttributeSpec[], prefix = ''): ReadonlyMap<string, Attribute> {
  return new Map(specs.map((spec) => [spec.name.toLowerCase(), withDefaults(spec, `${prefix}${spec.name}`)]))
}

function withDefaults(spec: AttributeSpec, notation: string): Attribute {
  const type = spec.type ?? 'string'
  const isData = type === 'binary' || type === 'reference'
  return {
    type,
    multiValued: false,
    required: false,
    caseExact: isData,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    canonicalValues: [],
    referenceTypes: [],
    maxLength: isData ? MAX_BINARY_LENGTH : MAX_TEXT_LENGTH,
    maxValues: MAX_VALUES,
    initially: undefined,
    ...spec,
    subAttributes: byName(spec.subAttributes ?? [], `${notation}.`),
    notation,
  }
}
