import { fromTypeId } from '../../src/kernel/ids'
import type { AttributePath, BoundFilter } from '../protocol'
import { equalTo, idEquals, metaScalar, type Scalar, type SearchTable, typeIdSql } from './search-table'
import type { SqlParameters } from './sql-parameters'
import { literal } from './user-table'

const ID = typeIdSql('DirectoryGroup', 'g.id')

/** Where attributes of Groups stand. @param base  URL of the SCIM endpoint: part of what `meta.location` and `$ref` say */
export function groupTable(base: string): SearchTable {
  return {
    alias: 'g',
    scalar: (path) => scalarOf(path, base),
    json: ({ attribute }) => (attribute.name === 'members' ? membersJson(base) : SCHEMAS),
    shortcut,
  }
}

// The URN of the core schema in comparable form: groups have no extensions.
const SCHEMAS = `'["urn:ietf:params:scim:schemas:core:2.0:group"]'::jsonb`

function scalarOf(path: AttributePath, base: string): Scalar {
  switch (path.attribute.name) {
    case 'id':
      return { sql: ID, kind: 'text' }
    case 'displayName':
      return { sql: 'g.display_name_key', kind: 'text', isIndexed: true, isUnique: true }
    case 'externalId':
      return { sql: 'g.external_id', kind: 'text', isIndexed: true }
    default:
      return metaScalar('g', path, { name: 'Group', idSql: ID, location: literal(`${base}/Groups/`) })
  }
}

function shortcut(filter: BoundFilter, parameters: SqlParameters): string | null {
  const id = equalTo(filter, 'id')
  if (id !== null) return idEquals('DirectoryGroup', 'g.id', id, parameters)
  const member = equalTo(filter, 'members', 'value') ?? memberInBrackets(filter)
  return member === null ? null : withMember(member, parameters)
}

function memberInBrackets(filter: BoundFilter): string | null {
  return filter.kind === 'element' ? equalTo(filter.filter, 'members', 'value') : null
}

/** The groups that name a person or a group as a member. */
function withMember(id: string, parameters: SqlParameters): string {
  const user = fromTypeId('DirectoryUser', id)
  if (user) return namedIn('directory_group_members', 'user_id', parameters.add(user, 'uuid'))
  const group = fromTypeId('DirectoryGroup', id)
  return group ? namedIn('directory_group_nestings', 'child_id', parameters.add(group, 'uuid')) : 'false'
}

function namedIn(table: string, column: string, parameter: string): string {
  return `g.id IN (
    SELECT m.group_id FROM ${table} m WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.${column} = ${parameter})`
}

/** The elements of \`members\` in comparable form. */
function membersJson(base: string): string {
  const [user, group] = [typeIdSql('DirectoryUser', 'u.id'), typeIdSql('DirectoryGroup', 'child.id')]
  return `(
    SELECT jsonb_agg(jsonb_build_object('value', each.id, '$ref', each.ref, 'type', each.type, 'display', each.display)) FROM (
      SELECT ${user} AS id, ${literal(`${base}/Users/`)} || ${user} AS ref, 'user' AS type,
        coalesce(u.comparable->>'displayName', u.user_name_key) AS display
      FROM directory_group_members m
      JOIN directory_users u ON u.organization_id = $1 AND u.directory_id = $2 AND u.id = m.user_id
      WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.group_id = g.id
      UNION ALL
      SELECT ${group}, ${literal(`${base}/Groups/`)} || ${group}, 'group', child.display_name_key
      FROM directory_group_nestings n
      JOIN directory_groups child ON child.organization_id = $1 AND child.directory_id = $2 AND child.id = n.child_id
      WHERE n.organization_id = $1 AND n.directory_id = $2 AND n.group_id = g.id) AS each)`
}
