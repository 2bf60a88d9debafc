import { Field, InterfaceType } from 'type-graphql'
import { AppError, type ErrorCode } from '../kernel/errors'
import { UserError, userErrorsOf } from './user-error.type'

@InterfaceType({ description: 'What every mutation returns: the changed object, or why nothing changed.' })
export abstract class Payload {
  @Field(() => [UserError], { description: 'Empty when it worked.' }) userErrors: UserError[]
}

// Not about the input but about the request as a whole: they end the operation, with their HTTP status.
const TOP_LEVEL: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'RATE_LIMITED', 'UNAVAILABLE', 'INTERNAL'])

/**
 * Runs a mutation and turns an expected failure into `userErrors`. Top-level failures and unknown errors pass.
 *
 * @param work  returns the fields of the payload other than userErrors
 */
export async function payload<Fields extends object>(
  work: () => Promise<Fields>,
): Promise<Fields & { userErrors: UserError[] }> {
  try {
    return { ...(await work()), userErrors: [] }
  } catch (error) {
    if (!(error instanceof AppError) || TOP_LEVEL.has(error.code)) throw error
    return { userErrors: userErrorsOf(error) } as Fields & { userErrors: UserError[] }
  }
}
