import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, Field, ID, Info, Mutation, ObjectType, Resolver } from 'type-graphql'
import { switchOrganization } from '../../modules/organizations'
import { enterByRecoveryCode } from '../../modules/recovery-codes'
import type { OpenedSession } from '../../modules/sessions'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { readId } from '../id'
import { loadOrganization } from '../organizations/organization.query'
import { OrganizationType } from '../organizations/organization.type'
import { Payload, payload } from '../payload.type'
import { selectedFields } from '../selected-fields'
import { loadViewer } from './viewer.query'
import { ViewerType } from './viewer.type'

@ObjectType({ implements: Payload, description: 'The organization the caller is now in a session of.' })
export class SwitchOrganizationPayload extends Payload {
  @Field(() => ViewerType, { nullable: true, description: 'The person, in the organization.' })
  viewer?: ViewerType | null
  @Field(() => OrganizationType, { nullable: true, description: 'The organization, now active.' })
  organization?: OrganizationType | null
  @Field(() => String, {
    nullable: true,
    description: 'Token of the new session, for bearer clients only: browsers get a cookie.',
  })
  token?: string | null
  @Field(() => DateTime, { nullable: true, description: 'When the new session ends.' }) expiresAt?: Date | null
}

@Resolver()
export class SwitchOrganizationMutation {
  @Mutation(() => SwitchOrganizationPayload, {
    nullable: true,
    description: 'Opens a session of an organization the viewer has joined. Needs an account session.',
  })
  async switchOrganization(
    @Arg('organizationId', () => ID, { description: 'Global id of the organization.' }) id: string,
    @Arg('recoveryCode', () => String, {
      nullable: true,
      description: 'Lets a break-glass Admin into an organization whose members come by SSO; used up by it.',
    })
    recoveryCode: string | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SwitchOrganizationPayload> {
    return payload(async () => {
      const organizationId = readId('Organization', id, ['organizationId'])
      const session = await openSession(context, organizationId, recoveryCode)
      const token = context.continueIn(session)
      const wanted = selectedFields(info)
      return {
        viewer: wanted.has('viewer') ? await loadViewer(context, selectedFields(info, 'viewer')) : null,
        organization: wanted.has('organization') ? await loadOrganization(context, organizationId) : null,
        token,
        expiresAt: session.expiresAt,
      }
    })
  }
}

async function openSession(
  { operation }: GraphQLContext,
  organizationId: string,
  recoveryCode: string | null | undefined,
): Promise<OpenedSession> {
  if (recoveryCode == null) return operation.execute(switchOrganization, { organizationId })
  const attempt = await operation.execute(enterByRecoveryCode, { organizationId, code: recoveryCode })
  if ('refusal' in attempt) throw attempt.refusal
  return attempt.session
}
