/** Somebody as the company knows them now. */
export type PushedPerson = {
  /** The subject of their sign-ins too, so that both lead to one member */
  externalId: string
  userName: string
  name: string
  active: boolean
  group: string | null
  /** The id that the directory gave; null until they were pushed */
  id: string | null
}

/** A group as the company knows it. */
export type PushedGroup = { name: string; id: string | null }

/** One request. The path is below the base URL. */
export type ScimStep = { method: string; path: string; body?: unknown }

/** How a vendor writes its requests. */
export type ScimStyle = {
  key: string
  label: string
  /** Put behind every path */
  query: string
  findUser(person: PushedPerson): ScimStep
  createUser(person: PushedPerson): ScimStep
  /** @param stored  what the directory answered last, for those who send everything back */
  changeUser(person: PushedPerson, stored: Record<string, unknown>): ScimStep
  findGroup(group: PushedGroup): ScimStep
  createGroup(group: PushedGroup): ScimStep
  /** @param everybody  ids of all members after the change */
  changeMembers(group: PushedGroup, change: { add: string[]; remove: string[] }, everybody: string[]): ScimStep
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

const filtered = (path: string, filter: string, rest = '') => `${path}?filter=${encodeURIComponent(filter)}${rest}`
const patch = (path: string, ...operations: object[]): ScimStep => ({
  method: 'PATCH',
  path,
  body: { schemas: [PATCH_OP], Operations: operations },
})
const nameOf = ({ name }: PushedPerson) => {
  const [givenName = '', ...rest] = name.split(' ')
  return { givenName, familyName: rest.join(' ') || givenName }
}
const members = (ids: string[]) => ids.map((value) => ({ value }))

const oktaUser = (person: PushedPerson) => ({
  schemas: [USER],
  userName: person.userName,
  name: nameOf(person),
  emails: [{ primary: true, value: person.userName, type: 'work' }],
  displayName: person.name,
  locale: 'en-US',
  externalId: person.externalId,
  groups: [],
  active: person.active,
})
const okta: Omit<ScimStyle, 'key' | 'label' | 'changeUser' | 'changeMembers'> = {
  query: '',
  findUser: ({ userName }) => ({
    method: 'GET',
    path: filtered('/Users', `userName eq "${userName}"`, '&startIndex=1&count=100'),
  }),
  createUser: (person) => ({
    method: 'POST',
    path: '/Users',
    // Okta sends one although nobody asked, also to applications that it signs people in to.
    body: { ...oktaUser(person), password: '1mz050nq' },
  }),
  findGroup: ({ name }) => ({
    method: 'GET',
    path: filtered('/Groups', `displayName eq "${name}"`, '&startIndex=1&count=100'),
  }),
  createGroup: ({ name }) => ({
    method: 'POST',
    path: '/Groups',
    body: { schemas: [GROUP], displayName: name, members: [] },
  }),
}

const entra: Omit<ScimStyle, 'key' | 'label' | 'query' | 'changeUser' | 'changeMembers'> = {
  findUser: ({ userName }) => ({ method: 'GET', path: filtered('/Users', `userName eq "${userName}"`) }),
  createUser: (person) => ({
    method: 'POST',
    path: '/Users',
    body: {
      schemas: [USER, ENTERPRISE],
      externalId: person.externalId,
      userName: person.userName,
      active: person.active,
      displayName: person.name,
      emails: [{ primary: true, type: 'work', value: person.userName }],
      meta: { resourceType: 'User' },
      name: { formatted: person.name, ...nameOf(person) },
      roles: [],
    },
  }),
  findGroup: ({ name }) => ({
    method: 'GET',
    path: filtered('/Groups', `displayName eq "${name}"`, '&excludedAttributes=members'),
  }),
  createGroup: ({ name }) => ({
    method: 'POST',
    path: '/Groups',
    body: {
      schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: `group-${name}`,
      displayName: name,
      meta: { resourceType: 'Group' },
    },
  }),
}

/** The dialects that the page speaks: what vendors really send, also where the RFCs say otherwise. */
export const SCIM_STYLES: readonly ScimStyle[] = [
  {
    ...okta,
    key: 'okta-patch',
    label: 'Okta, applications of its catalogue: PATCH',
    changeUser: (person) =>
      patch(`/Users/${person.id}`, {
        op: 'replace',
        value: { active: person.active, displayName: person.name, name: nameOf(person) },
      }),
    changeMembers: ({ id, name }, { add, remove }) =>
      patch(
        `/Groups/${id}`,
        { op: 'replace', value: { id, displayName: name } },
        ...remove.map((value) => ({ op: 'remove', path: `members[value eq "${value}"]` })),
        ...(add.length > 0 ? [{ op: 'add', path: 'members', value: members(add) }] : []),
      ),
  },
  {
    ...okta,
    key: 'okta-put',
    label: 'Okta, applications of your own: PUT',
    changeUser: (person, stored) => ({
      method: 'PUT',
      path: `/Users/${person.id}`,
      body: { ...stored, ...oktaUser(person), id: person.id },
    }),
    changeMembers: ({ id, name }, _change, everybody) => ({
      method: 'PUT',
      path: `/Groups/${id}`,
      body: { schemas: [GROUP], id, displayName: name, members: members(everybody) },
    }),
  },
  {
    ...entra,
    key: 'entra',
    label: 'Entra: capitalised operations, "False" as text',
    query: '',
    changeUser: (person) =>
      patch(
        `/Users/${person.id}`,
        { op: 'Replace', path: 'active', value: person.active ? 'True' : 'False' },
        { op: 'Replace', path: 'displayName', value: person.name },
        { op: 'Replace', path: 'name.givenName', value: nameOf(person).givenName },
        { op: 'Replace', path: 'name.familyName', value: nameOf(person).familyName },
      ),
    changeMembers: ({ id }, { add, remove }) =>
      patch(
        `/Groups/${id}`,
        ...(remove.length > 0
          ? [{ op: 'Remove', path: 'members', value: remove.map((value) => ({ $ref: null, value })) }]
          : []),
        ...(add.length > 0 ? [{ op: 'Add', path: 'members', value: add.map((value) => ({ $ref: null, value })) }] : []),
      ),
  },
  {
    ...entra,
    key: 'entra-flag',
    label: 'Entra with aadOptscim062020',
    query: 'aadOptscim062020',
    changeUser: (person) =>
      patch(`/Users/${person.id}`, {
        op: 'replace',
        value: {
          active: person.active,
          displayName: person.name,
          'name.givenName': nameOf(person).givenName,
          'name.familyName': nameOf(person).familyName,
        },
      }),
    changeMembers: ({ id }, { add, remove }) =>
      patch(
        `/Groups/${id}`,
        ...remove.map((value) => ({ op: 'remove', path: `members[value eq "${value}"]` })),
        ...(add.length > 0 ? [{ op: 'add', path: 'members', value: members(add) }] : []),
      ),
  },
]
