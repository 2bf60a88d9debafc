import { AppError } from '../kernel/errors'
import type { ReadContext } from './context'
import { type AccessObject, type Decision, decide, type Requirement } from './policy'
import { OWN_ORGANIZATION, type ReadUseCase, type WriteUseCase } from './use-case'

/** Everything that does not prove its actor by itself. */
export type DecidedUseCase<Input, Seen extends AccessObject> =
  | ReadUseCase<Input, unknown, Seen>
  | WriteUseCase<Input, unknown, Seen>

/**
 * Lets the actor of a use case pass, or not.
 * @param changed  the organization in which the operation has just changed something, or null
 * @returns  what else the decision depended on
 * @throws UNAUTHENTICATED, NOT_FOUND, FORBIDDEN
 */
export async function authorize<Input, Seen extends AccessObject>(
  useCase: DecidedUseCase<Input, Seen>,
  context: ReadContext,
  input: Input,
  changed: string | null = null,
): Promise<Seen> {
  const { requires } = useCase
  const named = useCase.organization(input)
  const inOrganization = { organizationId: named === OWN_ORGANIZATION ? context.organizationId : named }
  const turnAway = changed !== null && changed === inOrganization.organizationId ? refuseAfterChange : refuse
  if (!useCase.object) {
    turnAway(decide(context.actor, requires, inOrganization), requires)
    return inOrganization as Seen
  }
  // Whoever is nobody here learns nothing about the object, so it is not even loaded.
  turnAway(decide(context.actor, 'inside', inOrganization), requires)
  const object = await useCase.object(context, input)
  turnAway(decide(context.actor, requires, object), requires)
  return object
}

// Whoever has just changed something in the organization was somebody in it: their access ended by it, or meanwhile, or
// they may change more than they may read. A plain refusal would say that nothing was done.
function refuseAfterChange(decision: Decision, requirement: Requirement): void {
  if (decision === 'allowed') return
  const message =
    decision === 'forbidden'
      ? `The change was made, but to read it needs the permission ${requirement}.`
      : 'The change was made, but you cannot read this organization any more.'
  throw new AppError('FORBIDDEN', message, { permission: requirement })
}

/** Turns a decision into its error; does nothing when allowed. */
export function refuse(decision: Decision, requirement: Requirement): void {
  if (decision === 'allowed') return
  if (decision === 'not-found') throw notFound()
  if (decision === 'unauthenticated')
    throw new AppError('UNAUTHENTICATED', 'Sign in first, or send a valid bearer token.')
  if (requirement === 'member')
    throw new AppError('FORBIDDEN', 'This is for members; a key of a service account or project cannot do it.')
  throw new AppError('FORBIDDEN', `This needs the permission ${requirement}; ask an Admin of the organization.`, {
    permission: requirement,
  })
}

/** The one answer for what does not exist and for what the caller may not know of. */
export function notFound(what = 'It'): AppError {
  return new AppError('NOT_FOUND', `${what} does not exist, or you cannot see it.`)
}
