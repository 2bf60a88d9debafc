import type { Actor } from '../../access'
import { AppError } from '../../kernel/errors'
import type { SignInAttemptDraft } from './sign-in-attempt.store'

/** Who connects a first way to sign in of their own, in which organization. Nothing is believed of it before it is finished. */
export interface Connecting {
  readonly userId: string
  readonly organizationId: string
}

/** What a sign-in is for, besides signing in. */
export interface LinkWish {
  /** Adds the identity to the account that is signed in, instead of signing in. */
  readonly isLinking: boolean
  /** Null for everybody but a member in the session of a company. */
  readonly connecting: Connecting | null
}

/** To whom a sign-in that begins is going to add an identity. @throws UNAUTHENTICATED  linking without being signed in */
export function linkTarget(
  actor: Actor,
  { isLinking, connecting }: LinkWish,
): Pick<SignInAttemptDraft, 'linkUserId' | 'linkOrganizationId'> {
  if (!isLinking)
    return { linkUserId: connecting?.userId ?? null, linkOrganizationId: connecting?.organizationId ?? null }
  if (actor.kind !== 'account') throw new AppError('UNAUTHENTICATED', 'Sign in first.')
  return { linkUserId: actor.userId, linkOrganizationId: connecting?.organizationId ?? null }
}
