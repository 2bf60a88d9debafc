import { fromTypeId, type IdType, toTypeId } from '../../src/kernel/ids'
import type { AttributePath, BoundFilter } from '../protocol'
import type { SqlParameters } from './sql-parameters'

/** What a single value is in SQL. */
export interface Scalar {
  readonly sql: string
  readonly kind: 'text' | 'boolean' | 'number' | 'instant'
  /** An index answers comparisons with it. */
  readonly isIndexed?: true
  /** Never the same twice, so that rows can be walked by it alone. */
  readonly isUnique?: true
}

/** Where the attributes of one resource type stand in the database. */
export interface SearchTable {
  /** The alias of its rows. */
  readonly alias: 'u' | 'g'
  /** The single value of an attribute or sub-attribute. */
  scalar(path: AttributePath): Scalar
  /** The elements of a multi-valued attribute, or a complex attribute: as jsonb, unassigned as NULL. */
  json(path: AttributePath): string
  /** A faster way to the same answer, by an index; null when there is none. */
  shortcut(filter: BoundFilter, parameters: SqlParameters): string | null
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** The TypeID of a column with a UUID, as `toTypeId` makes it; for comparisons that no index answers. */
export function typeIdSql(type: IdType, column: string): string {
  const prefix = toTypeId(type, '00000000-0000-0000-0000-000000000000').slice(0, 4)
  const bits = `(B'00' || ('x' || replace(${column}::text, '-', ''))::bit(128))`
  return `('${prefix}' || (SELECT string_agg(substr('${ALPHABET}', substring(${bits} from n * 5 + 1 for 5)::int + 1, 1), '' ORDER BY n) FROM generate_series(0, 25) AS n))`
}

/** `id eq "…"`: the row itself, or nothing for what is no id of this type. */
export function idEquals(type: IdType, column: string, id: string, parameters: SqlParameters): string {
  const uuid = fromTypeId(type, id)
  return uuid ? `${column} = ${parameters.add(uuid, 'uuid')}` : 'false'
}

/** `meta.…`, which is computed from columns. */
export function metaScalar(
  alias: 'u' | 'g',
  { sub }: AttributePath,
  resource: { name: string; idSql: string; location: string },
): Scalar {
  switch (sub?.name) {
    case 'created':
      return { sql: `${alias}.created_at`, kind: 'instant' }
    case 'lastModified':
      return { sql: `${alias}.updated_at`, kind: 'instant', isIndexed: true }
    case 'location':
      return { sql: `(${resource.location} || ${resource.idSql})`, kind: 'text' }
    case 'version':
      return { sql: `('W/"' || ${alias}.version || '"')`, kind: 'text' }
    default:
      return { sql: `'${resource.name}'::text`, kind: 'text' }
  }
}

/** Whether a filter compares exactly this attribute, or its `value`, by `eq` with a text. @returns that text's key */
export function equalTo(filter: BoundFilter, attribute: string, sub?: string): string | null {
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.operand.type !== 'text') return null
  const { path, operand } = filter
  return path.extension === undefined && path.attribute.name === attribute && path.sub?.name === sub
    ? operand.key
    : null
}
