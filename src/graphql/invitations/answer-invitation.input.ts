import { Directive, Field, ID, InputType } from 'type-graphql'
import { notFound } from '../../access'
import { type InvitationAnswer, listMyInvitations } from '../../modules/invitations'
import type { GraphQLContext } from '../context'
import { readId } from '../id'

@Directive('@oneOf')
@InputType({ description: 'The invitation that is answered.' })
export class AnswerInvitationInput {
  @Field(() => String, { nullable: true, description: 'The last part of the link, `giv_…`.' }) token?: string
  @Field(() => ID, { nullable: true, description: 'An invitation of `viewer.invitations`; needs an account session.' })
  invitationId?: string
}

/**
 * The answer as the module knows it. An id says nothing about its organization, so it is looked up in the caller's own
 * list; this ends before the answer begins.
 * @throws NOT_FOUND  no open invitation of the caller's has this id
 * @throws UNAUTHENTICATED  an id came without an account session
 */
export async function readAnswer(
  context: GraphQLContext,
  { token, invitationId: id }: AnswerInvitationInput,
): Promise<InvitationAnswer> {
  if (token !== undefined) return { token }
  const invitationId = readId('Invitation', id!, ['input', 'invitationId'])
  const [invitation] = await context.operation.execute(listMyInvitations, { invitationId })
  if (!invitation) throw notFound('The invitation')
  return { invitationId, organizationId: invitation.organizationId }
}
