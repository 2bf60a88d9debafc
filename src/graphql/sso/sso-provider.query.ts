import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, Directive, FieldResolver, Info, Int, Resolver, Root, registerEnumType } from 'type-graphql'
import { decide } from '../../access'
import { getActor } from '../../modules/sessions'
import {
  getRefusedSignIns,
  getSsoProvider,
  getSsoTestRun,
  getSsoTestRuns,
  listReturnUrls,
  listSsoProviders,
  type SsoRefusalRow,
  type SsoTestRunRow,
} from '../../modules/sso'
import { ALLOWED, Capability, denied } from '../capability.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { RefusedSignIn, refusedSignIn } from './refused-sign-in.type'
import { SsoProviderType, ssoProviderNode } from './sso-provider.type'
import { SsoTestRunType, ssoTestRunNode } from './sso-test-run.type'

const SsoActionEnum = {
  UPDATE: 'UPDATE',
  TEST: 'TEST',
  ACTIVATE: 'ACTIVATE',
  DISABLE: 'DISABLE',
  DELETE: 'DELETE',
} as const
type SsoAction = keyof typeof SsoActionEnum
registerEnumType(SsoActionEnum, {
  name: 'SsoAction',
  description: 'What can be done to a connection.',
  valuesConfig: {
    UPDATE: { description: 'Change it.' },
    TEST: { description: 'Begin a sign-in that tests it.' },
    ACTIVATE: { description: 'Put it to use.' },
    DISABLE: { description: 'Take it out of use.' },
    DELETE: { description: 'Delete it.' },
  },
})

@Resolver(() => OrganizationType)
export class OrganizationSsoProvidersQuery {
  @Directive('@can(do: "sso.read")')
  @Directive('@listSize(assumedSize: 2)')
  @FieldResolver(() => [SsoProviderType], {
    nullable: true,
    description: 'Its connections to identity providers, oldest first; 50 at most.',
  })
  async ssoProviders(
    @Root() organization: OrganizationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SsoProviderType[] | null> {
    return nullWhenForbidden(context, info, async () => {
      const rows = await context.operation.execute(listSsoProviders, { organizationId: organization.uuid })
      return rows.map((row) => ssoProviderNode(row, context.publicUrl))
    })
  }

  @Directive('@can(do: "sso.read")')
  @FieldResolver(() => [String], {
    nullable: true,
    description: 'Addresses of the platform’s frontends to which a sign-in through the company may return; 20 at most.',
  })
  async returnUrls(
    @Root() organization: OrganizationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<string[] | null> {
    return nullWhenForbidden(context, info, () =>
      context.operation.execute(listReturnUrls, { organizationId: organization.uuid }),
    )
  }
}

const MOST_TESTS = 10
const MOST_REFUSALS = 20

@Resolver(() => SsoProviderType)
export class SsoProviderFieldsResolver {
  @FieldResolver(() => SsoTestRunType, { nullable: true, description: 'The newest test; null when there was none.' })
  async lastTest(@Root() provider: SsoProviderType, @Ctx() context: GraphQLContext): Promise<SsoTestRunType | null> {
    const [last] = await testsOf(context, provider)
    return last ? ssoTestRunNode(last, context.publicUrl) : null
  }

  @FieldResolver(() => [SsoTestRunType], { description: 'Its newest tests, newest first.' })
  async testRuns(
    @Root() provider: SsoProviderType,
    @Arg('first', () => Int, { defaultValue: MOST_TESTS, description: 'How many; ten at most.' }) first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<SsoTestRunType[]> {
    return (await testsOf(context, provider))
      .slice(0, Math.max(first, 0))
      .map((run) => ssoTestRunNode(run, context.publicUrl))
  }

  @FieldResolver(() => [RefusedSignIn], { description: 'Its newest refused sign-ins, newest first; 100 are kept.' })
  async refusedSignIns(
    @Root() { row }: SsoProviderType,
    @Arg('first', () => Int, { defaultValue: MOST_REFUSALS, description: 'How many; 20 at most.' }) first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<RefusedSignIn[]> {
    const loader = context.loaders.of<SsoRefusalRow[]>('refused-sign-ins', (operation, providerIds) =>
      operation.execute(getRefusedSignIns, { providerIds, each: MOST_REFUSALS }),
    )
    return ((await loader.load(row.id)) ?? []).slice(0, Math.max(first, 0)).map(refusedSignIn)
  }

  @FieldResolver(() => Capability, { description: 'Whether the caller may do something to it, and if not, why.' })
  async viewerCan(
    @Root() { row }: SsoProviderType,
    @Arg('action', () => SsoActionEnum, { description: 'What.' }) action: SsoAction,
    @Ctx() context: GraphQLContext,
  ): Promise<Capability> {
    const actor = await context.operation.execute(getActor, {})
    const organizationId = 'organizationId' in actor ? actor.organizationId : null
    if (decide(actor, 'sso.manage', { organizationId }) !== 'allowed')
      return denied('MISSING_PERMISSION', 'This needs the permission sso.manage; ask an Admin of the organization.')
    if (action === 'ACTIVATE' && row.status === 'ACTIVE') return denied('WRONG_STATE', 'It is in use already.')
    if (action === 'ACTIVATE' && !row.testedDigest?.equals(row.settingsDigest))
      return denied('WRONG_STATE', 'Test the connection first.')
    if (action === 'DISABLE' && row.status === 'DISABLED') return denied('WRONG_STATE', 'It is out of use already.')
    return ALLOWED
  }
}

/** The connection as the caller sees it. @throws NOT_FOUND, FORBIDDEN */
export async function loadSsoProvider(context: GraphQLContext, providerId: string): Promise<SsoProviderType> {
  return ssoProviderNode(await context.operation.execute(getSsoProvider, { providerId }), context.publicUrl)
}

/** The test as the caller sees it. @throws NOT_FOUND, FORBIDDEN */
export async function loadSsoTestRun(context: GraphQLContext, testRunId: string): Promise<SsoTestRunType> {
  return ssoTestRunNode(await context.operation.execute(getSsoTestRun, { testRunId }), context.publicUrl)
}

async function testsOf(context: GraphQLContext, { row }: SsoProviderType): Promise<readonly SsoTestRunRow[]> {
  const loader = context.loaders.of<SsoTestRunRow[]>('sso-test-runs', (operation, providerIds) =>
    operation.execute(getSsoTestRuns, { providerIds, each: MOST_TESTS }),
  )
  return (await loader.load(row.id)) ?? []
}

registerNode('SsoProvider', loadSsoProvider)
registerNode('SsoTestRun', loadSsoTestRun)
