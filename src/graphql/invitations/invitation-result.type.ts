import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root, registerEnumType } from 'type-graphql'
import type { InvitationOutcome, InvitationResult } from '../../modules/invitations'
import type { GraphQLContext } from '../context'
import { loadInvitation } from './invitation.resolver'
import { InvitationType, invitationNode } from './invitation.type'

const InvitationOutcomeEnum = {
  SENT: 'SENT',
  RENEWED: 'RENEWED',
  ALREADY_MEMBER: 'ALREADY_MEMBER',
  ALREADY_INVITED: 'ALREADY_INVITED',
  INVALID: 'INVALID',
  DOMAIN_NOT_ALLOWED: 'DOMAIN_NOT_ALLOWED',
} as const satisfies Record<InvitationOutcome, InvitationOutcome>
registerEnumType(InvitationOutcomeEnum, {
  name: 'InvitationOutcome',
  description: 'What became of one address.',
  valuesConfig: {
    SENT: { description: 'Invited; the mail is on its way, unless sendEmail is false.' },
    RENEWED: { description: 'An expired invitation was renewed, with a new link; the mail is on its way likewise.' },
    ALREADY_MEMBER: { description: 'Somebody with this address is a member.' },
    ALREADY_INVITED: { description: 'An invitation to this address is still valid.' },
    INVALID: { description: 'Not an e-mail address.' },
    DOMAIN_NOT_ALLOWED: { description: 'The organization invites addresses of other domains only.' },
  },
})

const MESSAGES: Record<InvitationOutcome, string> = {
  SENT: 'Invited.',
  RENEWED: 'Invited again; the earlier invitation had expired.',
  ALREADY_MEMBER: 'Somebody with this address is a member already.',
  ALREADY_INVITED: 'An invitation to this address is still valid; send it again if it got lost.',
  INVALID: 'This is not an e-mail address.',
  DOMAIN_NOT_ALLOWED: 'The organization does not invite addresses of this domain.',
}

@ObjectType('InvitationResult', { simpleResolvers: true, description: 'What became of one address of the list.' })
export class InvitationResultType {
  /** The result as the module knows it. */
  readonly result: InvitationResult
  @Field(() => Int, { description: 'Which item of the list it was found in, from 0.' }) index: number
  @Field(() => String, { description: 'What was written, at most 320 characters.' }) input: string
  @Field(() => String, { nullable: true, description: 'The address in its normal form; null when it is none.' })
  email: string | null
  @Field(() => InvitationOutcomeEnum, { description: 'Decide on this.' }) outcome: InvitationOutcome
  @Field(() => String, { description: 'The outcome in words, for people.' }) message: string
}

@Resolver(() => InvitationResultType)
export class InvitationResultResolver {
  @FieldResolver(() => InvitationType, {
    nullable: true,
    description: 'The invitation that waits for an answer, new or old; null when there is none.',
  })
  async invitation(
    @Root() { result }: InvitationResultType,
    @Ctx() context: GraphQLContext,
  ): Promise<InvitationType | null> {
    if (result.invitation) return invitationNode(result.invitation)
    return result.invitationId ? loadInvitation(context, result.invitationId) : null
  }
}

/** The GraphQL object of a result. */
export function invitationResult(result: InvitationResult): InvitationResultType {
  const { index, input, email, outcome } = result
  return { result, index, input, email, outcome, message: MESSAGES[outcome] }
}
