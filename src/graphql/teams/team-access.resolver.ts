import { Arg, Ctx, FieldResolver, Resolver, Root, registerEnumType } from 'type-graphql'
import { decide, type Permission } from '../../access'
import { getActor } from '../../modules/sessions'
import { permissionsInTeam } from '../../modules/teams'
import { ALLOWED, Capability, denied } from '../capability.type'
import type { GraphQLContext } from '../context'
import { TeamType } from './team.type'

const TeamActionEnum = {
  UPDATE: 'UPDATE',
  DELETE: 'DELETE',
  ADD_MEMBERS: 'ADD_MEMBERS',
  REMOVE_MEMBERS: 'REMOVE_MEMBERS',
} as const
type TeamAction = keyof typeof TeamActionEnum
registerEnumType(TeamActionEnum, {
  name: 'TeamAction',
  description: 'What can be done to a team.',
  valuesConfig: {
    UPDATE: { description: 'Rename, describe or move it.' },
    DELETE: { description: 'Delete it.' },
    ADD_MEMBERS: { description: 'Put people in, or change what they are in it.' },
    REMOVE_MEMBERS: { description: 'Take people out.' },
  },
})

const PERMISSION_FOR: Record<TeamAction, Permission> = {
  UPDATE: 'team.update',
  DELETE: 'team.delete',
  ADD_MEMBERS: 'team.member.manage',
  REMOVE_MEMBERS: 'team.member.manage',
}

@Resolver(() => TeamType)
export class TeamAccessResolver {
  @FieldResolver(() => Capability, {
    description:
      'Whether the caller has the permission to do something to the team. Adding people, and moving it, also needs everything that is granted there.',
  })
  async viewerCan(
    @Root() { row }: TeamType,
    @Arg('action', () => TeamActionEnum, { description: 'What.' }) action: TeamAction,
    @Ctx() context: GraphQLContext,
  ): Promise<Capability> {
    const actor = await context.operation.execute(getActor, {})
    const organizationId = 'organizationId' in actor ? actor.organizationId : null
    const object = { organizationId, permissionsHere: permissionsInTeam(row, actor) }
    if (decide(actor, PERMISSION_FOR[action], object) === 'allowed') return ALLOWED
    return denied(
      'MISSING_PERMISSION',
      `This needs the permission ${PERMISSION_FOR[action]}; ask an Admin of the organization.`,
    )
  }
}
