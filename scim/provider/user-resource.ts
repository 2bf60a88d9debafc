import { normalizeEmail } from '../../src/kernel/email-address'
import { fromTypeId, toTypeId } from '../../src/kernel/ids'
import { singleLine } from '../../src/kernel/single-line'
import type { DirectoryUser, DirectoryUserDraft, GroupOfUser, ShownUser } from '../../src/modules/directories'
import {
  type Attributes,
  caseKey,
  GROUP,
  identityText,
  locationOf,
  metaOf,
  type Projection,
  type Resource,
  type Stored,
  USER,
  withMeta,
} from '../protocol'
import { comparableOf } from './comparable'
import { type ShownResource, shownResource } from './shown-resource'
import { INDEXED_VALUES } from './user-table'

const NAME_LENGTH = 200
// What the service says of a person, beside what the client wrote.
const COMPUTED: ReadonlySet<string> = new Set(['id', 'meta', 'groups'])

/**
 * A User in our words.
 * @param isActive  what counts when `active` is unassigned: what was before, so that nobody gets access by a value taken away
 */
export function draftOfUser(resource: Resource, isActive: boolean): DirectoryUserDraft {
  const doc = Object.fromEntries(Object.entries(resource).filter(([name]) => !COMPUTED.has(name)))
  const { userName, externalId, active } = resource
  if (typeof userName !== 'string') throw new Error('A User without userName was let through')
  return {
    userName,
    userNameKey: caseKey(userName),
    externalId: typeof externalId === 'string' ? externalId : null,
    active: typeof active === 'boolean' ? active : isActive,
    doc: JSON.stringify(doc),
    comparable: comparableOf(USER, doc as Resource),
    values: [...INDEXED_VALUES].flatMap((attribute) => indexedValues(attribute, resource)),
    name: nameOf(resource, userName),
    emails: emailsOf(resource, userName),
  }
}

/** A stored person as the client wrote them, with the id: what PUT and PATCH begin from. */
export function storedUser({ id, doc }: DirectoryUser): Resource {
  return { ...readDoc(doc), id: toTypeId('DirectoryUser', id) }
}

/** A person as an answer shows them; where it shows them whole, what the client wrote goes out as it is stored. */
export function shownUser(user: ShownUser, base: string, projection: Projection): ShownResource {
  const stored = whereabouts(user)
  const inGroups = groupsOf(user, base)
  if (!projection.isDefaultBut('groups'))
    return shownResource(withMeta(USER, { ...readDoc(user.doc), ...inGroups }, stored, base), projection)
  const { id } = stored
  const meta = metaOf(USER, stored, base)
  const { location, version } = meta
  const shownGroups = inGroups.groups ? `"groups":${JSON.stringify(inGroups.groups)},` : ''
  return { id, text: `${user.doc.slice(0, -1)},${shownGroups}${identityText(id, meta)}}`, location, version }
}

function readDoc(doc: string): Resource {
  return JSON.parse(doc) as Resource
}

function whereabouts({ id, createdAt, updatedAt, version }: ShownUser): Stored {
  return { id: toTypeId('DirectoryUser', id), created: createdAt, lastModified: updatedAt, version }
}

/** `groups`, unless there are none: what is empty is not shown. */
function groupsOf({ groups }: ShownUser, base: string): { groups?: readonly Attributes[] } {
  return groups && groups.length > 0 ? { groups: groups.map((group) => groupOf(group, base)) } : {}
}

/** The UUID that an id in a URL names; null for anything that is no id of a person. */
export function uuidOfUser(id: string): string | null {
  return fromTypeId('DirectoryUser', id)
}

function groupOf({ id, displayName, isDirect }: GroupOfUser, base: string): Attributes {
  const value = toTypeId('DirectoryGroup', id)
  return { value, $ref: locationOf(GROUP, value, base), display: displayName, type: isDirect ? 'direct' : 'indirect' }
}

function indexedValues(attribute: string, resource: Resource): DirectoryUserDraft['values'] {
  return elementsOf(resource[attribute]).flatMap(({ value, type }, position) =>
    typeof value === 'string'
      ? [{ attribute, position, typeKey: typeof type === 'string' ? caseKey(type) : null, valueKey: caseKey(value) }]
      : [],
  )
}

function nameOf({ displayName, name }: Resource, userName: string): string {
  const { formatted, givenName, familyName } = isObject(name) ? name : {}
  const parts = [givenName, familyName].filter((part) => typeof part === 'string').join(' ')
  const texts = [displayName, formatted, parts, userName].filter((each) => typeof each === 'string')
  return singleLine(texts.find((text) => text.trim() !== '') ?? '').slice(0, NAME_LENGTH)
}

/** The preferred address, then the user name where it is one. */
function emailsOf({ emails }: Resource, userName: string): readonly string[] {
  const all = elementsOf(emails)
  const preferred = all.find(({ primary }) => primary === true) ?? all.find(isForWork) ?? all[0]
  const candidates = [preferred?.value, userName].map((text) =>
    typeof text === 'string' ? normalizeEmail(text) : null,
  )
  return [...new Set(candidates.filter((email) => email !== null))]
}

function isForWork({ type }: Attributes): boolean {
  return typeof type === 'string' && type.toLowerCase() === 'work'
}

function elementsOf(value: Resource[string] | undefined): readonly Attributes[] {
  return Array.isArray(value) ? (value as readonly Attributes[]) : []
}

function isObject(value: Resource[string] | undefined): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
