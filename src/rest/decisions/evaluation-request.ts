import { AppError } from '../../kernel/errors'
import { fromTypeId, type IdType } from '../../kernel/ids'
import type { Question, Subject } from '../../modules/decisions'
import { readTokenSubject, type VerifiedTokens } from './presented-tokens'

/** When a batch stops (AuthZEN Authorization API 1.0 §7.1.2.1). */
export type EvaluationsSemantic = 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit'

/** A question with the organization in which it is asked, or why nothing has to be looked up to refuse it. */
export type ReadQuestion =
  | { readonly organizationId: string; readonly question: Question }
  | { readonly refusal: 'UNKNOWN_SUBJECT' | 'UNKNOWN_RESOURCE' }

/** One request, read. */
export interface ReadEvaluations {
  readonly questions: readonly ReadQuestion[]
  readonly semantic: EvaluationsSemantic
  /** Whether the answer is a list too. */
  readonly isBatch: boolean
}

const MAXIMUM_EVALUATIONS = 100
const MAXIMUM_LENGTH = 512
// Of access tokens, which are longer than anything else.
const MAXIMUM_SIGNED_LENGTH = 8_192
const SEMANTICS: readonly string[] = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit']

/** What stands where a request may present tokens, read leniently: `readEvaluations` says what is wrong with it. */
export function presentedIn(body: unknown): unknown[] {
  if (!isObject(body)) return []
  const listed = Array.isArray(body.evaluations) ? body.evaluations.slice(0, MAXIMUM_EVALUATIONS) : []
  return [body, ...listed].map((item: unknown) =>
    isObject(item) && isObject(item.subject) ? item.subject.id : undefined,
  )
}

type Json = Readonly<Record<string, unknown>>

/** Where something stands in the body, from the inside out: a request has hundreds of places, and few are ever told of. */
interface Place {
  readonly in: Place | null
  readonly name: string | number
}

const at = (within: Place | null, name: string | number): Place => ({ in: within, name })

/**
 * Reads the body of an evaluation or of a batch (AuthZEN §6.1, §7.1). What is not of the right form is refused as a
 * whole; ids that cannot exist are questions like all others.
 *
 * @param verified  the access tokens in it that are genuine
 * @throws INVALID, TOO_MANY  with the path of what is wrong
 */
export function readEvaluations(body: unknown, mayBeBatch: boolean, verified: VerifiedTokens): ReadEvaluations {
  if (!isObject(body)) throw invalid(null, 'Send a JSON object with subject, action and resource.')
  const listed = mayBeBatch ? body.evaluations : undefined
  if (listed !== undefined && !Array.isArray(listed)) throw invalid(EVALUATIONS, 'evaluations is a list.')
  const semantic = readSemantic(body.options)
  // Without evaluations, a batch is a single question (§7.1).
  const parts = new SharedParts(verified)
  if (!listed || listed.length === 0)
    return { questions: [readQuestion(body, body, parts, null)], semantic, isBatch: false }
  if (listed.length > MAXIMUM_EVALUATIONS)
    throw new AppError('TOO_MANY', `At most ${MAXIMUM_EVALUATIONS} evaluations at once; send several requests.`, {
      path: ['evaluations'],
    })
  const questions = listed.map((item: unknown, index) => {
    const place = at(EVALUATIONS, index)
    if (!isObject(item)) throw invalid(place, 'Each evaluation is an object.')
    return readQuestion(item, body, parts, place)
  })
  return { questions, semantic, isBatch: true }
}

const EVALUATIONS = at(null, 'evaluations')

function readSemantic(options: unknown): EvaluationsSemantic {
  if (options === undefined) return 'execute_all'
  if (!isObject(options)) throw invalid(at(null, 'options'), 'options is an object.')
  const semantic = options.evaluations_semantic ?? 'execute_all'
  if (typeof semantic !== 'string' || !SEMANTICS.includes(semantic))
    throw invalid(
      at(at(null, 'options'), 'evaluations_semantic'),
      `evaluations_semantic is one of: ${SEMANTICS.join(', ')}.`,
    )
  return semantic as EvaluationsSemantic
}

/** What many evaluations take from the top is read once: a token is not cheap to take apart. */
class SharedParts {
  readonly #read = new Map<unknown, unknown>()

  constructor(readonly verified: VerifiedTokens) {}

  once<T>(part: unknown, read: () => T): T {
    if (this.#read.has(part)) return this.#read.get(part) as T
    const made = read()
    if (typeof part === 'object') this.#read.set(part, made)
    return made
  }
}

function readQuestion(item: Json, defaults: Json, parts: SharedParts, place: Place | null): ReadQuestion {
  const part = <T>(name: string, read: (part: Json, place: Place) => T): T => {
    const given = item[name] === undefined ? defaults[name] : item[name]
    return parts.once(given, () => {
      const here = at(place, name)
      return read(object(given, here), here)
    })
  }
  const subject = part('subject', (given, here) => readSubject(given, here, parts.verified))
  const permission = part('action', readAction)
  const resource = part('resource', readResource)
  const context = item.context === undefined ? defaults.context : item.context
  const named = context === undefined ? null : part('context', readContext)
  if (!subject) return { refusal: 'UNKNOWN_SUBJECT' }
  if (!resource) return { refusal: 'UNKNOWN_RESOURCE' }
  const organizationId = subject.organizationId ?? resource.organizationId ?? named
  if (organizationId === null)
    throw invalid(
      at(at(place, 'context'), 'organizationId'),
      'Ids do not say to which organization they belong: name it in context.organizationId.',
    )
  // What is in one organization is nothing in another.
  const isElsewhere = (id: string | null): boolean => id !== null && id !== organizationId
  if (isElsewhere(resource.organizationId) || isElsewhere(named)) return { refusal: 'UNKNOWN_RESOURCE' }
  return { organizationId, question: { subject: subject.subject, permission, projectId: resource.projectId } }
}

function readAction({ name }: Json, place: Place): string {
  return text(name, at(place, 'name'))
}

/** The organization that it names, if any. */
function readContext({ organizationId }: Json, place: Place): string | null {
  return optionalId('Organization', organizationId, at(place, 'organizationId'))
}

interface ReadSubject {
  readonly subject: Subject
  /** Of a token, which names it. */
  readonly organizationId: string | null
}

/** Null when nobody can be meant. */
function readSubject({ type, id: given }: Json, place: Place, verified: VerifiedTokens): ReadSubject | null {
  const isSigned = type === 'token' && typeof given === 'string' && given.startsWith('eyJ')
  const id = text(given, at(place, 'id'), isSigned ? MAXIMUM_SIGNED_LENGTH : MAXIMUM_LENGTH)
  switch (type) {
    case 'token':
      return readTokenSubject(id, verified)
    case 'member':
      return subjectById('MEMBER', 'Member', id)
    case 'service_account':
      return subjectById('SERVICE_ACCOUNT', 'ServiceAccount', id)
    case 'api_key':
      return subjectById('API_KEY', 'ApiKey', id)
    default:
      throw invalid(at(place, 'type'), 'The type of a subject is token, member, service_account or api_key.')
  }
}

function subjectById(kind: 'MEMBER' | 'SERVICE_ACCOUNT' | 'API_KEY', type: IdType, text: string): ReadSubject | null {
  const id = fromTypeId(type, text)
  return id ? { subject: { kind, id }, organizationId: null } : null
}

interface ReadResource {
  readonly projectId: string | null
  readonly organizationId: string | null
}

/** Null when nothing can be meant. */
function readResource(resource: Json, place: Place): ReadResource | null {
  const type = text(resource.type, at(place, 'type'))
  const id = text(resource.id, at(place, 'id'))
  if (type === 'organization') {
    const organizationId = fromTypeId('Organization', id)
    return organizationId ? { organizationId, projectId: null } : null
  }
  const properties = resource.properties === undefined ? {} : object(resource.properties, at(place, 'properties'))
  const named = at(at(place, 'properties'), 'projectId')
  if (type !== 'project' && properties.projectId === undefined)
    throw invalid(named, 'A resource of the platform is in a project: name it in resource.properties.projectId.')
  const projectId = fromTypeId('Project', type === 'project' ? id : text(properties.projectId, named))
  return projectId ? { organizationId: null, projectId } : null
}

function optionalId(type: IdType, value: unknown, place: Place): string | null {
  if (value === undefined) return null
  const id = fromTypeId(type, text(value, place))
  if (!id) throw invalid(place, `This is not the id of an ${type.toLowerCase()}.`)
  return id
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function object(value: unknown, place: Place): Json {
  if (isObject(value)) return value
  throw invalid(place, `${place.name} is missing, or not an object.`)
}

function text(value: unknown, place: Place, most = MAXIMUM_LENGTH): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= most) return value
  throw invalid(place, `${place.name} is missing, or not a text of 1 to ${most} characters.`)
}

function invalid(place: Place | null, message: string): AppError {
  const path: string[] = []
  for (let step = place; step; step = step.in) path.unshift(`${step.name}`)
  return new AppError('INVALID', message, { path })
}
