import type { GraphQLContext } from './context'

/** Where a set-up link leads. */
export function setupUrl({ publicUrl }: GraphQLContext, token: string): string {
  return `${publicUrl}/setup/${token}`
}
