import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, Directive, FieldResolver, ID, Info, Resolver, Root } from 'type-graphql'
import type { AccessReason } from '../../access'
import { AppError } from '../../kernel/errors'
import { parseTypeId, toTypeId } from '../../kernel/ids'
import { type ExplainedAccess, explainAccess, type Principal } from '../../modules/decisions'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { readId } from '../id'
import { loadNode, Node } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { AccessDecision, DecisionReason, labelOf } from './access-decision.type'

const PRINCIPALS: Readonly<Record<string, Principal['kind']>> = {
  Member: 'MEMBER',
  ServiceAccount: 'SERVICE_ACCOUNT',
  ApiKey: 'API_KEY',
}

@Resolver(() => OrganizationType)
export class AccessExplainResolver {
  @Directive('@can(do: "access.explain")')
  @FieldResolver(() => AccessDecision, {
    nullable: true,
    description: 'Whether somebody may do something, and why. Everybody may ask about themselves and their keys.',
  })
  async accessExplain(
    @Root() organization: OrganizationType,
    @Arg('principalId', () => ID, { description: 'A member, a service account or an API key.' }) principalId: string,
    @Arg('permission', () => String, { description: 'Key of a permission, e.g. project.update.' }) permission: string,
    @Arg('projectId', () => ID, { nullable: true, description: 'In which project; in the organization when absent.' })
    projectId: string | null | undefined,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AccessDecision | null> {
    const question = {
      organizationId: organization.uuid,
      principal: readPrincipal(principalId),
      permission,
      projectId: projectId ? readId('Project', projectId, ['projectId']) : null,
    }
    return nullWhenForbidden(context, info, async () => {
      const explained = await context.operation.execute(explainAccess, question)
      const { allowed, reasons } = explained.decision
      return {
        allowed,
        permission,
        reasons: reasons.map((reason) => ({
          kind: reason.kind,
          effect: allowed ? 'ALLOW' : 'DENY',
          label: labelOf(reason),
          given: givenOf(reason, explained),
          sourceId: sourceOf(reason, explained, {
            organizationId: organization.id,
            principalId,
            projectId: projectId ?? null,
          }),
        })),
      }
    })
  }
}

@Resolver(() => DecisionReason)
export class DecisionReasonResolver {
  @FieldResolver(() => Node, {
    nullable: true,
    description: 'What it comes from: a role, team, grant, key, person or project; null when the caller cannot see it.',
  })
  async source(
    @Root() reason: DecisionReason,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Node | null> {
    const { sourceId } = reason
    return sourceId === null ? null : nullWhenForbidden(context, info, () => loadNode(context, sourceId))
  }
}

/** What of a reason a directory may have given. */
function givenOf(reason: AccessReason, { subject }: ExplainedAccess): DecisionReason['given'] {
  if (reason.kind === 'ROLE') return subject.owner.kind === 'MEMBER' ? { memberId: subject.owner.id } : null
  return reason.kind === 'TEAM_GRANT' ? { grantId: reason.grant.id } : null
}

function readPrincipal(text: string): Principal {
  const id = parseTypeId(text)
  const kind = id && PRINCIPALS[id.type]
  if (id && kind) return { kind, id: id.uuid }
  throw new AppError(
    'NOT_FOUND',
    'The principal does not exist, or you cannot see it; ask about a member, a service account or an API key.',
    { path: ['principalId'] },
  )
}

interface Asked {
  readonly organizationId: string
  readonly principalId: string
  readonly projectId: string | null
}

/** What an administrator would look at, or change, because of this reason. */
function sourceOf(reason: AccessReason, { subject }: ExplainedAccess, asked: Asked): string | null {
  const { owner, credential } = subject
  switch (reason.kind) {
    case 'ROLE':
    case 'OWN_PROJECT':
      return reason.role.id === null ? asked.principalId : toTypeId('Role', reason.role.id)
    case 'GRANT':
      return toTypeId('ProjectGrant', reason.grant.id)
    case 'TEAM_GRANT':
      return toTypeId('Team', reason.grant.team!.id)
    case 'DEFAULT_PROJECT':
    case 'NO_GRANT':
    case 'PROJECT_ARCHIVED':
      return asked.projectId
    case 'KEY_ENDED':
    case 'KEY_LIMIT':
    case 'KEY_PROJECT':
      return credential && toTypeId('ApiKey', credential.id)
    case 'ACCOUNT_DISABLED':
    case 'NOT_A_MEMBER':
    case 'SUSPENDED':
      return owner && toTypeId('Member', owner.id)
    case 'SERVICE_ACCOUNT_DISABLED':
      return owner && toTypeId('ServiceAccount', owner.id)
    case 'ORGANIZATION_CLOSED':
      return asked.organizationId
    default:
      return null
  }
}
