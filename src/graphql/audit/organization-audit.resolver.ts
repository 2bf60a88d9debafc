import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, Field, FieldResolver, ID, Info, InputType, Resolver, Root } from 'type-graphql'
import { fromTypeId } from '../../kernel/ids'
import { type AuditFilter, getAuditEvent, listAuditEvents } from '../../modules/audit'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { nullWhenForbidden } from '../guard'
import { readId } from '../id'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { AuditEventConnection, auditEventNode } from './audit-event.type'

@InputType('AuditFilter', { description: 'Which events; all given fields must match.' })
export class AuditFilterInput {
  @Field(() => [String], { nullable: true, description: 'Any of these actions, at most 20.' }) actions?: string[] | null
  @Field(() => ID, { nullable: true, description: 'The account of the person who acted, or the API key.' }) actorId?:
    | string
    | null
  @Field(() => ID, { nullable: true, description: 'What it was done to: the id of a member, a project …' })
  targetId?: string | null
  @Field(() => DateTime, { nullable: true, description: 'Not earlier.' }) from?: Date | null
  @Field(() => DateTime, { nullable: true, description: 'Not later.' }) to?: Date | null
}

@Resolver(() => OrganizationType)
export class OrganizationAuditResolver {
  @Directive('@can(do: "audit.read")')
  @FieldResolver(() => AuditEventConnection, {
    nullable: true,
    description: 'What happened in the organization, newest first.',
  })
  async auditEvents(
    @Root() organization: OrganizationType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AuditFilterInput, { nullable: true, description: 'Everything when absent.' })
    filter: AuditFilterInput | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AuditEventConnection | null> {
    return nullWhenForbidden(context, info, async () => {
      const input = { organizationId: organization.uuid, page, filter: readFilter(filter ?? {}) }
      return connectionOf(await context.operation.execute(listAuditEvents, input), auditEventNode)
    })
  }
}

function readFilter({ actions, actorId, targetId, from, to }: AuditFilterInput): AuditFilter {
  return {
    actions: actions ?? null,
    actorId: actorId ? (fromTypeId('ApiKey', actorId) ?? readId('User', actorId, ['filter', 'actorId'])) : null,
    targetId: targetId ?? null,
    from: from ?? null,
    to: to ?? null,
  }
}

registerNode('AuditEvent', async (context, id) =>
  auditEventNode(await context.operation.execute(getAuditEvent, { id })),
)
