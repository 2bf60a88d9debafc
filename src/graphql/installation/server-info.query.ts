import { Ctx, Field, FieldResolver, ObjectType, Query, Resolver } from 'type-graphql'
import type { Provider } from '../../modules/accounts'
import { scimRootUrl } from '../../modules/directories'
import { getMembershipPolicy } from '../../modules/installation'
import type { GraphQLContext } from '../context'
import { IdentityProviderKind } from '../sessions/session.type'

@ObjectType({
  simpleResolvers: true,
  description: 'Facts about this installation that a console needs before anybody has signed in.',
})
export class ServerInfo {
  @Field(() => String, { description: 'Version of Gatehouse that answers.' }) version: string
  @Field(() => [IdentityProviderKind], {
    description: 'The ways to sign in that are switched on, in the order in which to show them.',
  })
  loginMethods: Provider[]
  @Field(() => String, { description: 'What the SCIM base URL of every directory begins with.' }) scimBaseUrl: string
}

@Resolver(() => ServerInfo)
export class ServerInfoQuery {
  @Query(() => ServerInfo, { description: 'Facts about this installation. Needs no session.' })
  serverInfo(@Ctx() { installation, publicUrl }: GraphQLContext): ServerInfo {
    const { version, loginMethods } = installation
    return { version, loginMethods: [...loginMethods], scimBaseUrl: scimRootUrl(publicUrl) }
  }

  @FieldResolver(() => Boolean, { description: 'True when a person can be in one organization at most.' })
  async oneOrganizationPerUser(@Ctx() { operation }: GraphQLContext): Promise<boolean> {
    return (await operation.execute(getMembershipPolicy, {})) === 'single'
  }
}
