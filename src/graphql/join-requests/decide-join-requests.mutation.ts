import { Arg, Ctx, Directive, Field, FieldResolver, ID, Mutation, ObjectType, Resolver, Root } from 'type-graphql'
import { fromTypeId } from '../../kernel/ids'
import { decideJoinRequests } from '../../modules/join-requests'
import type { GraphQLContext } from '../context'
import { nullWhenNotFound } from '../guard'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { UserError, userErrorsOf } from '../user-error.type'
import { loadJoinRequest } from './join-request.query'
import { JoinRequestType } from './join-request.type'

@ObjectType({ simpleResolvers: true, description: 'What became of one request.' })
export class JoinRequestResult {
  readonly requestUuid: string | null
  @Field(() => String, { description: 'The id it was named by.' }) key: string
  @Field(() => [UserError], { description: 'Why nothing changed; empty when it worked.' }) userErrors: UserError[]
}

@ObjectType({ implements: Payload, description: 'What became of each request.' })
export class DecideJoinRequestsPayload extends Payload {
  @Field(() => [JoinRequestResult], { nullable: true, description: 'One per request, in the order of the call.' })
  results?: JoinRequestResult[] | null
}

@Resolver()
export class DecideJoinRequestsMutation {
  @Directive('@can(do: "join_request.decide")')
  @Mutation(() => DecideJoinRequestsPayload, {
    nullable: true,
    description: 'Lets people in who have asked, or declines them; each is told by mail. At most 100 at once.',
  })
  async decideJoinRequests(
    @Arg('organizationId', () => ID, { description: 'In which organization.' }) organizationId: string,
    @Arg('ids', () => [ID], { description: 'Which requests.' }) ids: string[],
    @Arg('approve', () => Boolean, { description: 'Whether they are let in.' }) approve: boolean,
    @Arg('roleId', () => ID, {
      nullable: true,
      description: 'Role of scope ORGANIZATION for them; Member when absent.',
    })
    roleId: string | null,
    @Ctx() context: GraphQLContext,
  ): Promise<DecideJoinRequestsPayload> {
    return payload(async () => {
      const decided = await context.operation.execute(decideJoinRequests, {
        organizationId: readId('Organization', organizationId, ['organizationId']),
        ids: ids.map((id) => fromTypeId('JoinRequest', id)),
        approve,
        roleId: roleId ? readId('Role', roleId, ['roleId']) : null,
      })
      const results = decided.map(({ id, error }, index) => ({
        requestUuid: id,
        key: ids[index]!,
        userErrors: error ? userErrorsOf(error) : [],
      }))
      return { results }
    })
  }
}

@Resolver(() => JoinRequestResult)
export class JoinRequestResultFields {
  @FieldResolver(() => JoinRequestType, { nullable: true, description: 'The request as it is now; null when unknown.' })
  async joinRequest(
    @Root() { requestUuid }: JoinRequestResult,
    @Ctx() context: GraphQLContext,
  ): Promise<JoinRequestType | null> {
    return requestUuid ? nullWhenNotFound(() => loadJoinRequest(context, requestUuid)) : null
  }
}
