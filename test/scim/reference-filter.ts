import { type Attribute, caseKey, type Filter, type Resource, type ResourceType, resolve } from '../../scim/protocol'

/**
 * What a filter means, said once more and as simply as can be: over the values that a name leads to. How texts are
 * folded is `caseKey`'s, which has tests of its own.
 *
 * @param resource  as clients see it
 */
export function means(filter: Filter, type: ResourceType, resource: Resource): boolean {
  return holds(filter, (name) => {
    const path = resolve(type, name)
    if (path?.kind !== 'attribute') throw new Error(`${type.name} has no ${name}`)
    const { extension, attribute, sub } = path
    const container = extension ? resource[extension.id] : resource
    const list = listed((container as Record<string, unknown> | undefined)?.[attribute.name])
    return sub ? { attribute: sub, values: list.map((each) => partOf(each, sub)) } : { attribute, values: list }
  })
}

/** What a name stands for: one undefined when there are no values. */
type Lookup = (name: string) => { readonly attribute: Attribute; readonly values: readonly unknown[] }

function holds(filter: Filter, look: Lookup): boolean {
  switch (filter.kind) {
    case 'and':
      return !filter.operands.some((operand) => !holds(operand, look))
    case 'or':
      return filter.operands.filter((operand) => holds(operand, look)).length > 0
    case 'not':
      return !holds(filter.operand, look)
    case 'present':
      return look(filter.name).values.some(isThere)
    case 'element': {
      const { attribute, values } = look(filter.name)
      const inside = (element: unknown): Lookup => {
        return (name) => {
          const sub = attribute.subAttributes.get(name.toLowerCase())!
          return { attribute: sub, values: [partOf(element, sub)] }
        }
      }
      return values.some((element) => element !== undefined && holds(filter.filter, inside(element)))
    }
    case 'compare': {
      const { attribute, values } = look(filter.name)
      const sub = attribute.type === 'complex' ? attribute.subAttributes.get('value')! : null
      return values.some((each) => compares(filter, sub ?? attribute, sub ? partOf(each, sub) : each))
    }
  }
}

function listed(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.length > 0 ? value : [undefined]
  return [value]
}

function partOf(value: unknown, { name }: Attribute): unknown {
  return (value as Record<string, unknown> | undefined)?.[name]
}

function isThere(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isThere)
  return value !== undefined && value !== null && value !== ''
}

type Comparison = Extract<Filter, { kind: 'compare' }>

function compares({ name, operator, value: wanted }: Comparison, attribute: Attribute, value: unknown): boolean {
  if (operator === 'ne') return !compares({ kind: 'compare', name, operator: 'eq', value: wanted }, attribute, value)
  if (value === undefined || wanted === null) return operator === 'eq' && value === undefined && wanted === null
  const [one, other] = [folded(attribute, value), folded(attribute, wanted)]
  const difference = orderOf(one, other)
  const results = {
    eq: () => difference === 0,
    co: () => String(one).split(String(other)).length > 1 || other === '',
    sw: () => String(one).slice(0, String(other).length) === other,
    ew: () => other === '' || String(one).slice(-String(other).length) === other,
    gt: () => difference > 0,
    ge: () => difference >= 0,
    lt: () => difference < 0,
    le: () => difference <= 0,
  }
  return results[operator]()
}

function folded({ type, caseExact }: Attribute, value: unknown): string | number {
  if (type === 'boolean') return Number(String(value).toLowerCase() === 'true')
  if (type === 'dateTime') return Date.parse(String(value))
  return caseExact ? String(value) : caseKey(String(value))
}

/** Texts are ordered by their characters, of which UTF-8 keeps the order. */
function orderOf(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)))
}
