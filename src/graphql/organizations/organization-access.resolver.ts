import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, Directive, FieldResolver, Info, Resolver, Root, registerEnumType } from 'type-graphql'
import { AppError } from '../../kernel/errors'
import { explainOrganizationAction, getBillingEmail, type OrganizationAction } from '../../modules/organizations'
import { getActor } from '../../modules/sessions'
import { ALLOWED, Capability, denied } from '../capability.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { loadLivingPermissions } from '../permissions/permission.query'
import { OrganizationType } from './organization.type'

const OrganizationActionEnum = {
  UPDATE: 'UPDATE',
  DELETE: 'DELETE',
  LEAVE: 'LEAVE',
  INVITE: 'INVITE',
  ADD_MEMBER: 'ADD_MEMBER',
  CREATE_PROJECT: 'CREATE_PROJECT',
  CREATE_TEAM: 'CREATE_TEAM',
  MANAGE_ROLES: 'MANAGE_ROLES',
  READ_AUDIT: 'READ_AUDIT',
} as const satisfies Record<OrganizationAction, OrganizationAction>
registerEnumType(OrganizationActionEnum, {
  name: 'OrganizationAction',
  description: 'What somebody may want to do in an organization.',
  valuesConfig: {
    UPDATE: { description: 'Change name, slug and settings.' },
    DELETE: { description: 'Delete it.' },
    LEAVE: { description: 'Leave it.' },
    INVITE: { description: 'Invite people.' },
    ADD_MEMBER: { description: 'Add an existing account directly.' },
    CREATE_PROJECT: { description: 'Create a project.' },
    CREATE_TEAM: { description: 'Create a team.' },
    MANAGE_ROLES: { description: 'Create, change and delete roles.' },
    READ_AUDIT: { description: 'Read the audit log.' },
  },
})

/** What of an organization depends on who looks. */
@Resolver(() => OrganizationType)
export class OrganizationAccessResolver {
  @Directive('@can(do: "organization.update")')
  @FieldResolver(() => String, { nullable: true, description: 'Where bills go.' })
  async billingEmail(
    @Root() organization: OrganizationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<string | null> {
    return nullWhenForbidden(context, info, () =>
      context.operation.execute(getBillingEmail, { organization: organization.row }),
    )
  }

  @FieldResolver(() => [String], {
    description: 'Permissions the viewer holds in the whole organization, in alphabetical order; drives navigation.',
  })
  async viewerPermissions(@Root() organization: OrganizationType, @Ctx() context: GraphQLContext): Promise<string[]> {
    const actor = await context.operation.execute(getActor, {})
    if (actor.kind === 'operator') return (await loadLivingPermissions(context)).map(({ key }) => key).sort()
    if (actor.kind !== 'member' && actor.kind !== 'key') return []
    return actor.organizationId === organization.uuid ? [...actor.permissions].sort() : []
  }

  @FieldResolver(() => Capability, { description: 'Whether the viewer may do something here, and why not.' })
  async viewerCan(
    @Root() organization: OrganizationType,
    @Arg('action', () => OrganizationActionEnum, { description: 'What they may want to do.' })
    action: OrganizationAction,
    @Ctx() context: GraphQLContext,
  ): Promise<Capability> {
    const input = { organization: organization.row, action }
    try {
      const decision = await context.operation.execute(explainOrganizationAction, input)
      return decision ? denied(decision.reason, decision.message) : ALLOWED
    } catch (error) {
      // What was changed a moment ago can be shown, but nothing can be done in it.
      if (error instanceof AppError && error.code === 'FORBIDDEN') return denied('MISSING_PERMISSION', error.message)
      throw error
    }
  }
}
