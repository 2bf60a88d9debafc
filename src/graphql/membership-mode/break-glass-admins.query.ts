import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, Directive, Field, FieldResolver, Info, Int, ObjectType, Resolver, Root } from 'type-graphql'
import { listBreakGlassAdmins } from '../../modules/recovery-codes'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { nullWhenForbidden, nullWhenNotFound } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { OrganizationType } from '../organizations/organization.type'

@ObjectType({ simpleResolvers: true, description: 'An Admin who keeps another way in while members come by SSO.' })
export class BreakGlassAdmin {
  readonly memberUuid: string
  @Field(() => Int, { description: 'Recovery codes that were not used yet.' }) codesLeft: number
  @Field(() => DateTime, { description: 'Since when.' }) since: Date
}

@Resolver(() => OrganizationType)
export class BreakGlassAdminsQuery {
  @Directive('@can(do: "organization.membership_mode.switch")')
  @Directive('@listSize(assumedSize: 3)')
  @FieldResolver(() => [BreakGlassAdmin], {
    nullable: true,
    description: 'The Admins who keep another way in while members come by SSO.',
  })
  async breakGlassAdmins(
    @Root() organization: OrganizationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BreakGlassAdmin[] | null> {
    const organizationId = organization.uuid
    const admins = await nullWhenForbidden(context, info, () =>
      context.operation.execute(listBreakGlassAdmins, { organizationId }),
    )
    return admins && admins.map(({ memberId, codesLeft, since }) => ({ memberUuid: memberId, codesLeft, since }))
  }
}

@Resolver(() => BreakGlassAdmin)
export class BreakGlassAdminFields {
  @FieldResolver(() => MemberType, {
    nullable: true,
    description: 'The member; null when the caller cannot see members.',
  })
  async member(
    @Root() { memberUuid }: BreakGlassAdmin,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    return nullWhenForbidden(context, info, () => nullWhenNotFound(() => loadMember(context, memberUuid)))
  }
}
