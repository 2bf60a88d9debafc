import type { AttributePath, BoundFilter, Operand, Operator } from '../protocol'
import type { Scalar, SearchTable } from './search-table'
import type { SqlParameters } from './sql-parameters'

/** A condition, and whether an index leads to what it admits. */
export interface SqlFilter {
  readonly sql: string
  readonly isIndexed: boolean
  /** How many rows that index leads to depends on the values. */
  readonly isRange?: boolean
}

/**
 * Turns a bound filter into a condition that admits exactly the rows whose resource `matches` admits. Names come from the
 * schema, values are parameters. A condition may be NULL where it does not hold; `not` minds that.
 */
export function filterSql(filter: BoundFilter, table: SearchTable, parameters: SqlParameters): SqlFilter {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const parts = filter.operands.map((operand) => filterSql(operand, table, parameters))
      const isIndexed = filter.kind === 'and' ? parts.some(byIndex) : parts.every(byIndex)
      return { sql: joined(filter.kind, parts), isIndexed, isRange: parts.some(byRange) }
    }
    case 'not':
      return { sql: `NOT coalesce((${filterSql(filter.operand, table, parameters).sql}), false)`, isIndexed: false }
    case 'constant':
      return { sql: String(filter.value), isIndexed: !filter.value }
    case 'element':
      return elementSql(filter, table, parameters)
    case 'present':
      return { sql: presentSql(filter.path, table), isIndexed: false }
    case 'compare':
      return comparisonSql(filter, table, parameters)
  }
}

function byIndex({ isIndexed }: SqlFilter): boolean {
  return isIndexed
}

function byRange({ isRange = false }: SqlFilter): boolean {
  return isRange
}

function joined(kind: 'and' | 'or', parts: readonly SqlFilter[]): string {
  return parts.map(({ sql }) => `(${sql})`).join(kind === 'and' ? ' AND ' : ' OR ')
}

/** Where a sub-attribute of what stands before the brackets is. */
type Inside = SearchTable['scalar']

const inElement: Inside = ({ attribute, sub }) => scalarIn('e.value', sub ?? attribute)

/** A sub-attribute of a jsonb object. */
export function scalarIn(json: string, { name, type }: { name: string; type: string }): Scalar {
  const sql = `(${json}->>'${name}')`
  if (type === 'boolean') return { sql: `${sql}::boolean`, kind: 'boolean' }
  if (type === 'integer' || type === 'decimal') return { sql: `${sql}::numeric`, kind: 'number' }
  return { sql: `${sql} COLLATE "C"`, kind: 'text' }
}

type Comparison = Extract<BoundFilter, { kind: 'compare' }>
type Element = Extract<BoundFilter, { kind: 'element' }>

function elementSql(filter: Element, table: SearchTable, parameters: SqlParameters): SqlFilter {
  const { path } = filter
  if (!path.attribute.multiValued) {
    const inner = innerSql(filter.filter, (sub) => table.scalar(sub), parameters)
    return { sql: isAlwaysThere(path) ? inner : `${table.json(path)} IS NOT NULL AND (${inner})`, isIndexed: false }
  }
  const shortcut = table.shortcut(filter, parameters)
  const inner = innerSql(filter.filter, inElement, parameters)
  const sql = `EXISTS (SELECT FROM jsonb_array_elements(${table.json(path)}) AS e WHERE ${inner})`
  return shortcut ? { sql: `(${shortcut}) AND ${sql}`, isIndexed: true } : { sql, isIndexed: false }
}

/** `meta`, which is made of columns. */
function isAlwaysThere({ extension, attribute }: AttributePath): boolean {
  return extension === undefined && attribute.name === 'meta'
}

function innerSql(filter: BoundFilter, inside: Inside, parameters: SqlParameters): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.operands
        .map((operand) => `(${innerSql(operand, inside, parameters)})`)
        .join(filter.kind === 'and' ? ' AND ' : ' OR ')
    case 'not':
      return `NOT coalesce((${innerSql(filter.operand, inside, parameters)}), false)`
    case 'constant':
      return String(filter.value)
    case 'present':
      return scalarPresent(inside(filter.path))
    case 'compare':
      return compareSql(inside(filter.path), filter.operator, filter.operand, parameters)
    case 'element':
      throw new Error('Brackets do not nest')
  }
}

function comparisonSql(filter: Comparison, table: SearchTable, parameters: SqlParameters): SqlFilter {
  const shortcut = table.shortcut(filter, parameters)
  if (shortcut) return { sql: shortcut, isIndexed: true }
  const { path, operator, operand } = filter
  if (!path.attribute.multiValued) {
    const scalar = table.scalar(path)
    const isIndexed = scalar.isIndexed === true && SOUGHT.has(operator) && operand.type !== 'null'
    return {
      sql: compareSql(scalar, operator, operand, parameters),
      isIndexed,
      isRange: isIndexed && operator !== 'eq',
    }
  }
  const json = table.json(path)
  const scalar: Scalar = path.sub
    ? scalarIn('e.value', path.sub)
    : { sql: `(e.value #>> '{}') COLLATE "C"`, kind: 'text' }
  const some = `EXISTS (SELECT FROM jsonb_array_elements(${json}) AS e WHERE ${compareSql(scalar, operator, operand, parameters)})`
  const sql = holdsForUnassigned(operator, operand) ? `(coalesce(jsonb_array_length(${json}), 0) = 0 OR ${some})` : some
  return { sql, isIndexed: false }
}

const SOUGHT: ReadonlySet<Operator> = new Set(['eq', 'sw', 'gt', 'ge', 'lt', 'le'])

function holdsForUnassigned(operator: Operator, operand: Operand): boolean {
  return operator === (operand.type === 'null' ? 'eq' : 'ne')
}

function compareSql({ sql, kind }: Scalar, operator: Operator, operand: Operand, parameters: SqlParameters): string {
  switch (operand.type) {
    case 'null':
      return `${sql} IS ${operator === 'eq' ? '' : 'NOT '}NULL`
    case 'boolean':
      return orderedSql(sql, operator, parameters.add(operand.value, 'boolean'))
    case 'number':
      return orderedSql(sql, operator, parameters.add(operand.value, 'numeric'))
    case 'dateTime':
      if (kind !== 'instant') return orderedSql(`${sql}::numeric`, operator, parameters.add(operand.value, 'numeric'))
      return orderedSql(sql, operator, `to_timestamp(${parameters.add(operand.value, 'numeric')} / 1000)`)
    case 'text':
      return textSql(sql, operator, operand.key, parameters)
  }
}

function textSql(sql: string, operator: Operator, key: string, parameters: SqlParameters): string {
  switch (operator) {
    case 'co':
      return `strpos(${sql}, ${parameters.add(key, 'text')}) > 0`
    case 'ew':
      return `right(${sql}, ${[...key].length}) = ${parameters.add(key, 'text')}`
    case 'sw': {
      const from = parameters.add(key, 'text')
      const beyond = nextPrefix(key)
      // As a range, since row-level security lets no LIKE reach an index.
      return `${sql} >= ${from}${beyond === null ? '' : ` AND ${sql} < ${parameters.add(beyond, 'text')}`} AND starts_with(${sql}, ${from})`
    }
    default:
      return orderedSql(sql, operator, parameters.add(key, 'text'))
  }
}

/** The smallest text behind all that begin with a prefix; null when there is none. */
function nextPrefix(prefix: string): string | null {
  const characters = [...prefix]
  while (characters.length > 0) {
    const code = characters.pop()!.codePointAt(0)!
    if (code >= 0x10ffff) continue
    // Half of a surrogate pair is no character.
    characters.push(String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1))
    return characters.join('')
  }
  return null
}

const SQL_OPERATORS: Partial<Record<Operator, string>> = {
  eq: '=',
  ne: 'IS DISTINCT FROM',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
}

function orderedSql(sql: string, operator: Operator, parameter: string): string {
  return `${sql} ${SQL_OPERATORS[operator]} ${parameter}`
}

function presentSql(path: AttributePath, table: SearchTable): string {
  const { attribute, sub } = path
  if (attribute.multiValued) {
    const some = sub ? scalarPresent(scalarIn('e.value', sub)) : elementPresent(attribute.type === 'complex')
    return `EXISTS (SELECT FROM jsonb_array_elements(${table.json(path)}) AS e WHERE ${some})`
  }
  if (isAlwaysThere(path) && !sub) return 'true'
  if (attribute.type === 'complex' && !sub)
    return `EXISTS (SELECT FROM jsonb_each_text(${table.json(path)}) AS part WHERE part.value <> '')`
  return scalarPresent(table.scalar(path))
}

function elementPresent(isComplex: boolean): string {
  return isComplex
    ? `EXISTS (SELECT FROM jsonb_each_text(e.value) AS part WHERE part.value <> '')`
    : `(e.value #>> '{}') <> ''`
}

function scalarPresent({ sql, kind }: Scalar): string {
  return kind === 'text' ? `${sql} <> ''` : `${sql} IS NOT NULL`
}
