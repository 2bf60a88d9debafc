import {
  type Attribute,
  type Attributes,
  caseKey,
  parseDateTime,
  type Resource,
  type ResourceType,
  type Value,
} from '../protocol'

/**
 * A resource in the form in which SQL compares it (docs/adr/0017-directories.md): texts that are not caseExact as their
 * caseKey, moments as milliseconds, everything else as it is. Names stay those of the schema.
 */
export function comparableOf(type: ResourceType, resource: Resource): Attributes {
  const comparable = partOf(type.attributes, resource)
  for (const { id, attributes } of type.extensions) {
    const extension = resource[id]
    if (isObject(extension)) comparable[id] = partOf(attributes, extension)
  }
  return comparable
}

function partOf(attributes: ReadonlyMap<string, Attribute>, value: Attributes): Record<string, Value> {
  const part: Record<string, Value> = {}
  for (const attribute of attributes.values()) {
    const child = value[attribute.name]
    if (child !== undefined) part[attribute.name] = comparableValue(attribute, child)
  }
  return part
}

function comparableValue(attribute: Attribute, value: Value): Value {
  if (Array.isArray(value)) return value.map((element: Value) => comparableValue(attribute, element))
  if (isObject(value)) return partOf(attribute.subAttributes, value)
  if (typeof value !== 'string') return value
  if (attribute.type === 'dateTime') return parseDateTime(value) ?? value
  return attribute.caseExact ? value : caseKey(value)
}

function isObject(value: Value | undefined): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
