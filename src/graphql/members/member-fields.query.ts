import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { notFound, type Permission } from '../../access'
import {
  getMemberSurroundings,
  getProvidedMembers,
  type MemberAction,
  type MemberSurroundings,
  obstacleTo,
} from '../../modules/members'
import { getMemberSessions, type MemberSession } from '../../modules/sessions'
import { ALLOWED, Capability, denied } from '../capability.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { OrganizationType } from '../organizations/organization.type'
import { SessionType, sessionNode } from '../sessions/session.type'
import { organizationLoader } from './member.query'
import { MemberType } from './member.type'
import { MemberActionType } from './member-action.type'

const PERMISSIONS: Record<MemberAction, Permission> = {
  CHANGE_ROLE: 'member.role.update',
  SUSPEND: 'member.suspend',
  REACTIVATE: 'member.suspend',
  REMOVE: 'member.remove',
  RESEND_INVITATION: 'invitation.create',
  REVOKE_INVITATION: 'invitation.revoke',
}

type Provided = Pick<Parameters<typeof obstacleTo>[1], 'isProvided' | 'hasGivenRole' | 'breakGlassAdmins'>
const NOT_PROVIDED: Provided = { isProvided: false, hasGivenRole: false, breakGlassAdmins: null }

@Resolver(() => MemberType)
export class MemberFieldsQuery {
  @FieldResolver(() => OrganizationType, { description: 'The organization it is a place in.' })
  async organization(@Root() member: MemberType, @Ctx() context: GraphQLContext): Promise<OrganizationType> {
    const organization = await organizationLoader(context).load(member.organizationUuid)
    if (!organization) throw notFound('The organization')
    return organization
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is the caller.' })
  async viewerIsSelf(@Root() member: MemberType, @Ctx() context: GraphQLContext): Promise<boolean> {
    const { actingMemberId } = await surroundingsOf(context, member)
    return actingMemberId === member.uuid
  }

  @FieldResolver(() => Capability, { description: 'Whether the caller can do this to the member now, and why not.' })
  async viewerCan(
    @Root() member: MemberType,
    @Arg('action', () => MemberActionType, { description: 'What.' }) action: MemberAction,
    @Ctx() context: GraphQLContext,
  ): Promise<Capability> {
    const around = await surroundingsOf(context, member)
    if (!around.holds(PERMISSIONS[action])) return denied('MISSING_PERMISSION', 'Your role does not allow this.')
    const { uuid: id, status, isAdmin, role } = member
    const provided = context.loaders.of<Provided>('providedMembers', (operation, memberIds) =>
      operation.execute(getProvidedMembers, { memberIds }),
    )
    const standing = { id, status, isAdmin, isAbove: around.isAbove(role.uuid) }
    const obstacle = obstacleTo(action, { ...standing, ...((await provided.load(id)) ?? NOT_PROVIDED) }, around)
    if (!obstacle) return ALLOWED
    return denied(obstacle.reason === 'FORBIDDEN' ? 'MISSING_PERMISSION' : obstacle.reason, obstacle.message)
  }

  @Directive('@can(do: "member.security.read")')
  @FieldResolver(() => [SessionType], {
    nullable: true,
    description: 'Live sessions in the organization, latest first.',
  })
  async sessions(
    @Root() member: MemberType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SessionType[] | null> {
    return nullWhenForbidden(context, info, async () => {
      const loader = context.loaders.of<MemberSession[]>('memberSessions', (operation, memberIds) =>
        operation.execute(getMemberSessions, { memberIds }),
      )
      return ((await loader.load(member.uuid)) ?? []).map(sessionNode)
    })
  }
}

function surroundingsOf(context: GraphQLContext, member: MemberType): Promise<MemberSurroundings> {
  return loadMemberSurroundings(context, member.organizationUuid)
}

/** What decides which changes to members of an organization the caller can make. @throws NOT_FOUND */
export async function loadMemberSurroundings(
  context: GraphQLContext,
  organizationUuid: string,
): Promise<MemberSurroundings> {
  const loader = context.loaders.of<MemberSurroundings>('memberSurroundings', async (operation, ids) => {
    const found = await Promise.all(
      ids.map((organizationId) => operation.execute(getMemberSurroundings, { organizationId })),
    )
    return new Map(found.map((surroundings, index) => [ids[index]!, surroundings]))
  })
  const surroundings = await loader.load(organizationUuid)
  if (!surroundings) throw notFound('The organization')
  return surroundings
}
