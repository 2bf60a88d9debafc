import { Field, InterfaceType, ObjectType, registerEnumType } from 'type-graphql'
import { type AppError, ERROR_CODES, type ErrorCode, InputProblems } from '../kernel/errors'

const ErrorCodeEnum = Object.fromEntries(Object.keys(ERROR_CODES).map((code) => [code, code])) as Record<
  ErrorCode,
  ErrorCode
>
registerEnumType(ErrorCodeEnum, {
  name: 'ErrorCode',
  description: 'Stable, machine-readable reason of a failure; docs/ERRORS.md explains each.',
  valuesConfig: Object.fromEntries(
    Object.entries(ERROR_CODES).map(([code, { meaning, remedy }]) => [code, { description: `${meaning} ${remedy}` }]),
  ),
})

@InterfaceType({
  description:
    'Expected failure of a mutation. Select code, message and path everywhere; spread on a concrete type only for its extra facts.',
  resolveType: (error: UserError) => error.type,
})
export abstract class UserError {
  readonly type: string
  @Field(() => ErrorCodeEnum, { description: 'Decide on this, never on the message.' }) code: ErrorCode
  @Field(() => String, { description: 'For people; says what to do next.' }) message: string
  @Field(() => [String], {
    nullable: true,
    description: 'Path into the arguments, e.g. ["input", "slug"]; null when tied to none.',
  })
  path: readonly string[] | null
}

@ObjectType({ implements: UserError, description: 'Something in the input is wrong, missing or unknown.' })
export class InputError extends UserError {}

@ObjectType({ implements: UserError, description: 'The caller lacks a permission.' })
export class PermissionError extends UserError {
  @Field(() => String, { nullable: true, description: 'The permission that is missing, as in docs/PERMISSIONS.txt.' })
  permission: string | null
}

@ObjectType({ implements: UserError, description: 'The input is fine, but the state of things does not allow it.' })
export class ConflictError extends UserError {}

/** The GraphQL face of an expected failure: one entry per problem. */
export function userErrorsOf(error: AppError): UserError[] {
  if (error instanceof InputProblems) return error.problems.flatMap(userErrorsOf)
  const { status } = ERROR_CODES[error.code]
  const type = status === 403 ? 'PermissionError' : status === 400 || status === 404 ? 'InputError' : 'ConflictError'
  const face: UserError = { type, code: error.code, message: error.message, path: error.details.path ?? null }
  return [type === 'PermissionError' ? Object.assign(face, { permission: error.details.permission ?? null }) : face]
}
