import type { GraphQLResolveInfo } from 'graphql'
import { AppError } from '../kernel/errors'
import type { GraphQLContext } from './context'

/**
 * Answers a field that carries `@can` with null when the caller lacks the permission, and says so in
 * `extensions.denied`, so that "not allowed" and "none" can be told apart. The decision itself is the use case's.
 */
export async function nullWhenForbidden<T>(
  context: GraphQLContext,
  info: GraphQLResolveInfo,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'FORBIDDEN') throw error
    context.denied.push({ path: pathOf(info), permission: error.details.permission ?? '' })
    return null
  }
}

/** Answers a root field with null when what it names does not exist for the caller. */
export async function nullWhenNotFound<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null
    throw error
  }
}

function pathOf(info: GraphQLResolveInfo): (string | number)[] {
  const path: (string | number)[] = []
  for (let step: GraphQLResolveInfo['path'] | undefined = info.path; step; step = step.prev) path.unshift(step.key)
  return path
}
