import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from 'type-graphql'
import { AppError } from '../../kernel/errors'
import { getViewer, type ViewerParts } from '../../modules/viewer'
import { ALLOWED, Capability, denied } from '../capability.type'
import type { GraphQLContext } from '../context'
import { selectedFields } from '../selected-fields'
import {
  type ViewerAction,
  ViewerActions,
  ViewerMembershipType,
  ViewerType,
  viewerMembership,
  viewerNode,
} from './viewer.type'

const MAXIMUM_MEMBERSHIPS = 100

@Resolver(() => ViewerType)
export class ViewerQuery {
  @Query(() => ViewerType, {
    nullable: true,
    description:
      'The signed-in person; null when nobody is signed in, for API keys (see currentApiKey) and for operator keys.',
  })
  async viewer(@Ctx() context: GraphQLContext, @Info() info: GraphQLResolveInfo): Promise<ViewerType | null> {
    return loadViewer(context, selectedFields(info))
  }

  @FieldResolver(() => [ViewerMembershipType], { description: 'The organizations of the person, by name.' })
  memberships(
    @Root() viewer: ViewerType,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 100.' }) first: number,
  ): ViewerMembershipType[] {
    if (first < 1 || first > MAXIMUM_MEMBERSHIPS)
      throw new AppError('INVALID', `A page holds 1 to ${MAXIMUM_MEMBERSHIPS} items.`, { path: ['first'] })
    return viewer.view.memberships.slice(0, first).map(viewerMembership)
  }

  @FieldResolver(() => Capability, { description: 'Whether the viewer may do something outside any organization.' })
  can(
    @Root() viewer: ViewerType,
    @Arg('action', () => ViewerActions, { description: 'What they may want to do.' }) _action: ViewerAction,
  ): Capability {
    if (!viewer.view.isBound) return ALLOWED
    return denied('WRONG_STATE', 'You belong to an organization already, and this installation allows one per person.')
  }
}

/** The viewer, with the parts that are selected below its field; null when nobody is signed in. */
export async function loadViewer(context: GraphQLContext, selected: ReadonlySet<string>): Promise<ViewerType | null> {
  const view = await context.operation.execute(getViewer, partsOf(selected))
  return view && viewerNode(view)
}

function partsOf(fields: ReadonlySet<string>): ViewerParts {
  return {
    activeOrganization: fields.has('activeOrganization'),
    memberships: fields.has('memberships'),
    sessions: fields.has('sessions'),
    identities: fields.has('identities'),
  }
}
