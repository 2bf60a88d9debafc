/** Whom a question is about: somebody by id, or whoever holds a secret, by its SHA-256. Ids are UUIDs. */
export type Subject =
  | { readonly kind: 'MEMBER' | 'SERVICE_ACCOUNT' | 'API_KEY'; readonly id: string }
  | { readonly kind: 'API_KEY_TOKEN' | 'SESSION_TOKEN'; readonly tokenHash: Buffer }

/** One authorization question inside one organization. */
export interface Question {
  readonly subject: Subject
  /** Key of a permission; whether there is such a one is part of the answer. */
  readonly permission: string
  /** UUID of a project; null for a question about the organization as a whole. */
  readonly projectId: string | null
}

/** What questions name, each thing once: whoever asks a hundred times about one person has their facts read once. */
export interface DistinctParts {
  readonly subjects: readonly Subject[]
  readonly places: readonly { readonly subject: number; readonly projectId: string }[]
  readonly permissions: readonly string[]
  /** For each question, the place of its subject in `subjects` and of its project in `places`. */
  readonly indexes: readonly { readonly subject: number; readonly place: number | null }[]
}

/** Takes questions apart. */
export function distinctParts(questions: readonly Question[]): DistinctParts {
  const subjects = new Numbered<Subject>()
  const places = new Numbered<{ subject: number; projectId: string }>()
  const permissions = new Set<string>()
  const indexes = questions.map(({ subject, permission, projectId }) => {
    permissions.add(permission)
    const index = subjects.numberOf(subjectKey(subject), subject)
    if (projectId === null) return { subject: index, place: null }
    return { subject: index, place: places.numberOf(`${index}/${projectId}`, { subject: index, projectId }) }
  })
  return { subjects: subjects.all, places: places.all, permissions: [...permissions], indexes }
}

function subjectKey(subject: Subject): string {
  return `${subject.kind}/${'id' in subject ? subject.id : subject.tokenHash.toString('latin1')}`
}

/** Gives each different thing the next number, from 0. */
class Numbered<T> {
  readonly all: T[] = []
  readonly #numbers = new Map<string, number>()

  numberOf(key: string, thing: T): number {
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.all.length)
    return this.all.push(thing) - 1
  }
}
