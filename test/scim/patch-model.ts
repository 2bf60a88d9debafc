import fc from 'fast-check'

/*
 * Operations of a PATCH, each with what it does to a model, written for reading. The states that they reach are few, so
 * that what one made the next one meets.
 */

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const TYPES = ['work', 'home'] as const
const VALUES = ['a', 'b', 'c'] as const

interface Email {
  type?: string
  value?: string
  primary?: boolean
}

/** A User as far as the operations reach. */
export interface UserModel {
  active: boolean
  title: string | undefined
  name: { givenName?: string; familyName?: string }
  emails: Email[]
  department: string | undefined
  manager: string | undefined
}

/** An operation, and what it does. */
export interface Step<Model> {
  readonly operation: object
  readonly run: (model: Model) => void
}

/** Somebody of whom nothing is known. */
export function newUserModel(): UserModel {
  return { active: true, title: undefined, name: {}, emails: [], department: undefined, manager: undefined }
}

/** The attributes that a client sees of a model. */
export function shownOf({ active, title, name, emails, department, manager }: UserModel): Record<string, unknown> {
  const enterprise = {
    ...(department !== undefined && { department }),
    ...(manager !== undefined && { manager: { value: manager } }),
  }
  const isExtended = Object.keys(enterprise).length > 0
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ...(isExtended ? [ENTERPRISE] : [])],
    active,
    ...(title !== undefined && { title }),
    ...(Object.keys(name).length > 0 && { name }),
    ...(emails.length > 0 && { emails }),
    ...(isExtended && { [ENTERPRISE]: enterprise }),
  }
}

function merge(emails: Email[], added: Email): void {
  const same = emails.find(({ type, value }) => type === added.type && value === added.value)
  if (added.primary) for (const email of emails) if (email.primary) email.primary = false
  if (same) Object.assign(same, added)
  else emails.push({ ...added })
}

/** Elements that a change made equal become one, the later over the earlier. */
function collapsed(emails: Email[]): Email[] {
  const result: Email[] = []
  for (const each of emails) {
    const same = result.find((other) => other.type === each.type && other.value === each.value)
    if (same) Object.assign(same, each)
    else result.push({ ...each })
  }
  return result
}

const type = fc.constantFrom(...TYPES)
const value = fc.constantFrom(...VALUES)
const email: fc.Arbitrary<Email> = fc.oneof(
  fc.record({ type, value }),
  fc.record({ type, value, primary: fc.constant(true) }),
)
const op = (word: 'add' | 'remove' | 'replace') =>
  fc.constantFrom(word, word.toUpperCase(), `${word.charAt(0).toUpperCase()}${word.slice(1)}`)

/** A change of a User that succeeds whatever there is. */
export const userStep: fc.Arbitrary<Step<UserModel>> = fc.oneof(
  fc.tuple(op('replace'), value).map(([verb, title]) => ({
    operation: { op: verb, path: 'Title', value: title },
    run: (model: UserModel) => void (model.title = title),
  })),
  op('remove').map((verb) => ({
    operation: { op: verb, path: 'title' },
    run: (model: UserModel) => {
      model.title = undefined
    },
  })),
  fc.tuple(op('replace'), fc.constantFrom(true, false, 'True', 'False')).map(([verb, active]) => ({
    operation: { op: verb, path: 'active', value: active },
    run: (model: UserModel) => void (model.active = active === true || active === 'True'),
  })),
  fc.tuple(op('add'), value).map(([verb, department]) => ({
    operation: { op: verb, value: { [`${ENTERPRISE}:department`]: department } },
    run: (model: UserModel) => void (model.department = department),
  })),
  op('remove').map((verb) => ({
    operation: { op: verb, path: `${ENTERPRISE}:department` },
    run: (model: UserModel) => {
      model.department = undefined
    },
  })),
  fc.tuple(op('replace'), fc.constantFrom('', ...VALUES)).map(([verb, manager]) => ({
    operation: { op: verb, path: 'manager', value: manager },
    run: (model: UserModel) => void (model.manager = manager || undefined),
  })),
  fc.tuple(op('add'), value).map(([verb, familyName]) => ({
    operation: { op: verb, path: 'name', value: { familyName } },
    run: (model: UserModel) => void Object.assign(model.name, { familyName }),
  })),
  fc.tuple(op('replace'), value).map(([verb, givenName]) => ({
    operation: { op: verb, value: { 'name.givenName': givenName } },
    run: (model: UserModel) => void Object.assign(model.name, { givenName }),
  })),
  op('remove').map((verb) => ({
    operation: { op: verb, path: 'name.givenName' },
    run: (model: UserModel) => void delete model.name.givenName,
  })),
  fc.tuple(op('add'), email).map(([verb, added]) => ({
    operation: { op: verb, path: 'emails', value: [added] },
    run: (model: UserModel) => merge(model.emails, added),
  })),
  fc.tuple(op('replace'), email).map(([verb, only]) => ({
    operation: { op: verb, value: { emails: [only] } },
    run: (model: UserModel) => void (model.emails = [{ ...only }]),
  })),
  op('remove').map((verb) => ({
    operation: { op: verb, path: 'emails' },
    run: (model: UserModel) => void (model.emails = []),
  })),
  fc.tuple(op('remove'), type).map(([verb, gone]) => ({
    operation: { op: verb, path: `emails[type eq "${gone}"]` },
    run: (model: UserModel) => void (model.emails = model.emails.filter((each) => each.type !== gone)),
  })),
  fc.tuple(op('remove'), value).map(([verb, gone]) => ({
    operation: { op: verb, path: 'emails', value: [{ value: gone }] },
    run: (model: UserModel) => void (model.emails = model.emails.filter((each) => each.value !== gone)),
  })),
  fc.tuple(op('replace'), type, value).map(([verb, wanted, changed]) => ({
    operation: { op: verb, path: `emails[type eq "${wanted}"].value`, value: changed },
    run: (model: UserModel) => {
      const chosen = model.emails.filter((each) => each.type === wanted)
      for (const each of chosen) each.value = changed
      if (chosen.length === 0) model.emails.push({ type: wanted, value: changed })
      model.emails = collapsed(model.emails)
    },
  })),
)

/** A change of who is in a group. @param candidates  ids */
export function memberStep(candidates: readonly string[]): fc.Arbitrary<Step<Set<string>>> {
  const id = fc.constantFrom(...candidates)
  const ids = fc.array(id, { maxLength: 4 })
  const members = (some: readonly string[]) => some.map((each) => ({ value: each, $ref: null }))
  const adding = (some: readonly string[]) => (group: Set<string>) => {
    for (const each of some) group.add(each)
  }
  const removing = (some: readonly string[]) => (group: Set<string>) => {
    for (const each of some) group.delete(each)
  }
  return fc.oneof(
    ids.map((some) => ({ operation: { op: 'add', path: 'members', value: members(some) }, run: adding(some) })),
    ids.map((some) => ({ operation: { op: 'add', value: { members: members(some) } }, run: adding(some) })),
    // Entra removes nobody by an empty list.
    ids.map((some) => ({ operation: { op: 'Remove', path: 'members', value: members(some) }, run: removing(some) })),
    id.map((one) => ({ operation: { op: 'remove', path: `members[value eq "${one}"]` }, run: removing([one]) })),
    fc.tuple(id, id).map(([one, other]) => ({
      operation: { op: 'remove', path: `members[value eq "${one}" or value eq "${other}"]` },
      run: removing([one, other]),
    })),
    fc.constant({ operation: { op: 'remove', path: 'members' }, run: (group: Set<string>) => group.clear() }),
    ids.map((some) => ({
      operation: { op: 'replace', path: 'members', value: members(some) },
      run: (group: Set<string>) => {
        group.clear()
        adding(some)(group)
      },
    })),
  )
}
