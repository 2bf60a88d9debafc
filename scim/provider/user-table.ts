import { toTypeId } from '../../src/kernel/ids'
import type { AttributePath, BoundFilter } from '../protocol'
import { scalarIn } from './filter-sql'
import { equalTo, idEquals, metaScalar, type Scalar, type SearchTable, typeIdSql } from './search-table'
import type { SqlParameters } from './sql-parameters'

const ID = typeIdSql('DirectoryUser', 'u.id')
/** Attributes whose elements stand in directory_user_values. */
export const INDEXED_VALUES: ReadonlySet<string> = new Set(['emails', 'phoneNumbers'])

/** Where attributes of Users stand. @param base  URL of the SCIM endpoint: part of what `meta.location` and `$ref` say */
export function userTable(base: string): SearchTable {
  return {
    alias: 'u',
    scalar: (path) => scalarOf(path, base),
    json: (path) => (isGroups(path) ? groupsJson(base) : jsonOf(path)),
    shortcut,
  }
}

function isGroups({ extension, attribute }: AttributePath): boolean {
  return extension === undefined && attribute.name === 'groups'
}

function jsonOf({ extension, attribute }: AttributePath): string {
  const container = extension ? `u.comparable->'${extension.id}'` : 'u.comparable'
  return `(${container}->'${attribute.name}')`
}

function scalarOf(path: AttributePath, base: string): Scalar {
  const { extension, attribute, sub } = path
  if (!extension) {
    switch (attribute.name) {
      case 'id':
        return { sql: ID, kind: 'text' }
      case 'userName':
        return { sql: 'u.user_name_key', kind: 'text', isIndexed: true, isUnique: true }
      case 'externalId':
        return { sql: 'u.external_id', kind: 'text', isIndexed: true }
      case 'active':
        return { sql: 'u.active', kind: 'boolean' }
      case 'meta':
        return metaScalar('u', path, { name: 'User', idSql: ID, location: literal(`${base}/Users/`) })
    }
  }
  if (sub) return scalarIn(jsonOf(path), sub)
  return scalarIn(extension ? `u.comparable->'${extension.id}'` : 'u.comparable', attribute)
}

/** A text of ours in SQL: the address of the endpoint, which no client writes. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'::text`
}

function shortcut(filter: BoundFilter, parameters: SqlParameters): string | null {
  const id = equalTo(filter, 'id')
  if (id !== null) return idEquals('DirectoryUser', 'u.id', id, parameters)
  const group = equalTo(filter, 'groups', 'value')
  if (group !== null) return inGroup(group, parameters)
  if (filter.kind === 'element') return elementShortcut(filter, parameters)
  return valueShortcut(filter, parameters)
}

function valueShortcut(filter: BoundFilter, parameters: SqlParameters): string | null {
  if (filter.kind !== 'compare' || !INDEXED_VALUES.has(filter.path.attribute.name)) return null
  const key = equalTo(filter, filter.path.attribute.name, 'value')
  if (key === null) return null
  return `u.id IN (
    SELECT v.user_id FROM directory_user_values v
    WHERE v.organization_id = $1 AND v.directory_id = $2 AND v.attribute = '${filter.path.attribute.name}' AND v.value_key = ${parameters.add(key, 'text')})`
}

/** `emails[type eq "work" and value eq "x"]`: those with the value, among whom the brackets then choose. */
function elementShortcut(
  { filter }: Extract<BoundFilter, { kind: 'element' }>,
  parameters: SqlParameters,
): string | null {
  const conditions = filter.kind === 'and' ? filter.operands : [filter]
  for (const condition of conditions) {
    const found = valueShortcut(condition, parameters)
    if (found) return found
  }
  return null
}

/** Everybody in a group, directly or by a group below it. */
function inGroup(id: string, parameters: SqlParameters): string {
  const isHere = idEquals('DirectoryGroup', 'top.id', id, parameters)
  return `u.id IN (
    WITH RECURSIVE below(id) AS (
      SELECT top.id FROM directory_groups top WHERE top.organization_id = $1 AND top.directory_id = $2 AND ${isHere}
      UNION
      SELECT n.child_id FROM below
      JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.group_id = below.id
    )
    SELECT m.user_id FROM below
    JOIN directory_group_members m ON m.organization_id = $1 AND m.directory_id = $2 AND m.group_id = below.id)`
}

/** The elements of \`groups\` in comparable form. */
function groupsJson(base: string): string {
  const id = typeIdSql('DirectoryGroup', 'g.id')
  return `(
    WITH RECURSIVE up(group_id, is_direct) AS (
      SELECT m.group_id, true FROM directory_group_members m
      WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.user_id = u.id
      UNION
      SELECT n.group_id, false FROM up
      JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.child_id = up.group_id
    )
    SELECT jsonb_agg(jsonb_build_object('value', ${id}, '$ref', ${literal(`${base}/Groups/`)} || ${id},
      'display', g.display_name_key, 'type', each.type))
    FROM (SELECT group_id, CASE WHEN bool_or(is_direct) THEN 'direct' ELSE 'indirect' END AS type FROM up GROUP BY group_id) AS each
    JOIN directory_groups g ON g.organization_id = $1 AND g.directory_id = $2 AND g.id = each.group_id)`
}

/** The TypeID of a person, as clients see it. */
export function userId(uuid: string): string {
  return toTypeId('DirectoryUser', uuid)
}
