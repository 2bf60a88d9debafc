/** One request to a SCIM server, and what the right answer is. */
export interface ScimRequest {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Below the base URL. */
  readonly path: string
  readonly body?: object
  readonly expected: {
    readonly statuses: readonly number[]
    /** By names and places joined by dots (`Resources.0.userName`): what the body holds, when there is one. */
    readonly holds: Readonly<Record<string, unknown>>
  }
}

/** A user as its server knows it. */
export interface ScimUser {
  readonly n: number
  readonly id: string
}

/** Addresses as user names: one of the servers takes nothing else. */
export function userName(n: number): string {
  return `person${n}@bench.example`
}

/** A user as identity providers send one, about 600 bytes. */
export function createUser(n: number): ScimRequest {
  const body = {
    schemas: [USER, ENTERPRISE_USER],
    externalId: `00u${n}`,
    userName: userName(n),
    name: { formatted: `Ada ${n}`, givenName: 'Ada', familyName: `${n}` },
    displayName: `Ada ${n}`,
    title: 'Engineer',
    emails: [{ value: userName(n), type: 'work', primary: true }],
    active: true,
    [ENTERPRISE_USER]: { employeeNumber: `${n}`, department: 'Research' },
  }
  return {
    method: 'POST',
    path: '/Users',
    body,
    expected: { statuses: [201], holds: { userName: userName(n), active: true, externalId: body.externalId } },
  }
}

/** Finds one user by its name, as Okta and Entra do before each change. */
export function findUser({ n, id }: ScimUser): ScimRequest {
  const query = new URLSearchParams({ filter: `userName eq "${userName(n)}"`, startIndex: '1', count: '100' })
  const holds = { totalResults: 1, 'Resources.0.id': id, 'Resources.0.userName': userName(n) }
  return { method: 'GET', path: `/Users?${query}`, expected: { statuses: [200], holds } }
}

export function getUser({ n, id }: ScimUser): ScimRequest {
  return { method: 'GET', path: `/Users/${id}`, expected: { statuses: [200], holds: { id, userName: userName(n) } } }
}

export function setActive({ id }: ScimUser, active: boolean): ScimRequest {
  return patch(`/Users/${id}`, { op: 'replace', path: 'active', value: active }, { id, active })
}

export function createGroup(displayName: string): ScimRequest {
  return {
    method: 'POST',
    path: '/Groups',
    body: { schemas: [GROUP], displayName },
    expected: { statuses: [201], holds: { displayName } },
  }
}

export function addMembers(groupId: string, users: readonly ScimUser[]): ScimRequest {
  const value = users.map(({ id }) => ({ value: id }))
  return patch(`/Groups/${groupId}`, { op: 'add', path: 'members', value }, { id: groupId })
}

function patch(path: string, operation: object, holds: Record<string, unknown>): ScimRequest {
  return {
    method: 'PATCH',
    path,
    body: { schemas: [PATCH_OP], Operations: [operation] },
    expected: { statuses: [200, 204], holds },
  }
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
