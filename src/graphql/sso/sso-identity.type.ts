import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, Directive, Field, FieldResolver, ID, Info, ObjectType, Resolver, Root } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import { getMemberIdentities, type MemberIdentityRow } from '../../modules/sso-sign-in'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { nullWhenForbidden } from '../guard'
import { MemberType } from '../members/member.type'
import { NamedSsoProvider, namedSsoProvider } from '../sessions/session.type'

@ObjectType({ simpleResolvers: true, description: 'Whom a connection knows a member as.' })
export class SsoIdentity {
  @Field(() => ID, { description: 'Its own id.' }) id: string
  @Field(() => NamedSsoProvider, { description: 'The connection.' }) ssoProvider: NamedSsoProvider
  @Field(() => String, { description: 'Who the person is at the provider; nothing else finds them.' }) subject: string
  @Field(() => String, { nullable: true, description: 'Address the provider told last.' }) email: string | null
  @Field(() => DateTime, { description: 'When the member first came by it, or linked it.' }) linkedAt: Date
  @Field(() => DateTime, { description: 'When it was last used to sign in.' }) lastUsedAt: Date
}

@Resolver(() => MemberType)
export class MemberIdentitiesResolver {
  @Directive('@can(do: "member.security.read")')
  @Directive('@listSize(assumedSize: 2)')
  @FieldResolver(() => [SsoIdentity], {
    nullable: true,
    description: 'By which connections the member comes, oldest first; 50 at most.',
  })
  async ssoIdentities(
    @Root() member: MemberType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SsoIdentity[] | null> {
    return nullWhenForbidden(context, info, async () => {
      const loader = context.loaders.of<MemberIdentityRow[]>('memberIdentities', (operation, memberIds) =>
        operation.execute(getMemberIdentities, { memberIds }),
      )
      return ((await loader.load(member.uuid)) ?? []).map(ssoIdentity)
    })
  }
}

function ssoIdentity({ id, ssoProvider, ...row }: MemberIdentityRow): SsoIdentity {
  const { subject, email, linkedAt, lastUsedAt } = row
  const named = { id: toTypeId('ExternalIdentity', id), ssoProvider: namedSsoProvider(ssoProvider) }
  return { ...named, subject, email, linkedAt, lastUsedAt }
}
