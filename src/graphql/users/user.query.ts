import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, Field, Info, ObjectType, Query, Resolver } from 'type-graphql'
import { getUser, listUsers } from '../../modules/accounts'
import { connectionOf, PageArgs, PageInfo } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { registerNode } from '../node'
import { UserType, userNode } from './user.type'

@ObjectType({ simpleResolvers: true, description: 'An account in a list.' })
export class UserEdge {
  @Field(() => String, { description: 'Continue after or before it.' }) cursor: string
  @Field(() => UserType, { description: 'The account.' }) node: UserType
}

@ObjectType({ simpleResolvers: true, description: 'Accounts of the installation.' })
export class UserConnection {
  @Field(() => [UserEdge], { description: 'The page, with cursors.' }) edges: UserEdge[]
  @Field(() => [UserType], { description: 'The page.' }) nodes: UserType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
}

@Resolver()
export class UserQuery {
  @Directive('@can(do: "operator")')
  @Query(() => UserConnection, {
    nullable: true,
    description: 'Accounts of the installation by the beginning of their e-mail address, for its operator.',
  })
  async users(
    @Arg('search', () => String, { description: 'Beginning of an e-mail address.' }) search: string,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserConnection | null> {
    return nullWhenForbidden(context, info, async () =>
      connectionOf(await context.operation.execute(listUsers, { search, page }), userNode),
    )
  }
}

/** The account as the caller may see it. @throws NOT_FOUND */
export async function loadUser(context: GraphQLContext, userId: string): Promise<UserType> {
  return userNode(await context.operation.execute(getUser, { userId }))
}

registerNode('User', loadUser)
