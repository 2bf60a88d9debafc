/** Whom a question is about: somebody by id, or whoever holds a secret, by its SHA-256. Ids are UUIDs. */
export type Subject =
  | { readonly kind: 'MEMBER' | 'SERVICE_ACCOUNT' | 'API_KEY' | 'SESSION'; readonly id: string }
  | { readonly kind: 'API_KEY_TOKEN' | 'SESSION_TOKEN'; readonly tokenHash: Buffer }

export type SubjectKind = Subject['kind']

/** Whoever holds a secret, or a token that names its session. */
export type PresentedSubject =
  | Extract<Subject, { tokenHash: Buffer }>
  | { readonly kind: 'SESSION'; readonly id: string }

/** One authorization question inside one organization. */
export interface Question {
  readonly subject: Subject
  /** Key of a permission; whether there is such a one is part of the answer. */
  readonly permission: string
  /** UUID of a project; null for a question about the organization as a whole. */
  readonly projectId: string | null
}

/** A subject in a project, or in the organization, with everything that is asked about it there. */
export interface Place {
  readonly subject: Subject
  readonly projectId: string | null
  readonly questions: readonly Question[]
}

/** What questions name, each thing once: a hundred of them about one person in one project are one place. */
export interface DistinctPlaces {
  readonly kinds: readonly { readonly kind: SubjectKind; readonly places: readonly Place[] }[]
  readonly permissions: readonly string[]
}

/** Sorts questions by where they are asked. */
export function distinctPlaces(questions: readonly Question[]): DistinctPlaces {
  const kinds = new Map<SubjectKind, Map<string, QuestionedPlace>>()
  let last: QuestionedPlace | undefined
  for (const question of questions) {
    // A list page asks about one person, project after project, or in one project about many permissions.
    if (last?.subject !== question.subject || last.projectId !== question.projectId) last = placeOf(question, kinds)
    last.questions.push(question)
  }
  return {
    kinds: [...kinds].map(([kind, places]) => ({ kind, places: [...places.values()] })),
    permissions: [...new Set(questions.map(({ permission }) => permission))],
  }
}

type QuestionedPlace = Place & { questions: Question[] }

function placeOf(
  { subject, projectId }: Question,
  kinds: Map<SubjectKind, Map<string, QuestionedPlace>>,
): QuestionedPlace {
  const places = kinds.get(subject.kind) ?? new Map<string, QuestionedPlace>()
  if (places.size === 0) kinds.set(subject.kind, places)
  const key = `${'id' in subject ? subject.id : subject.tokenHash.toString('latin1')}/${projectId ?? ''}`
  const place = places.get(key) ?? { subject, projectId, questions: [] }
  places.set(key, place)
  return place
}
