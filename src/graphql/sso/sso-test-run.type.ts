import { Directive, Field, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import { type SsoTestRunRow, testStartUrl } from '../../modules/sso'
import { DateTime } from '../date-time.scalar'
import { Json } from '../json.scalar'
import { Node } from '../node'
import { Payload } from '../payload.type'

const TestStatusEnum = {
  WAITING: 'WAITING',
  SUCCEEDED: 'SUCCEEDED',
  WARNING: 'WARNING',
  FAILED: 'FAILED',
  EXPIRED: 'EXPIRED',
} as const
type TestStatus = keyof typeof TestStatusEnum
registerEnumType(TestStatusEnum, {
  name: 'TestStatus',
  description: 'How a test, or a step of it, stands.',
  valuesConfig: {
    WAITING: { description: 'Nobody has come back from the provider yet.' },
    SUCCEEDED: { description: 'Passed.' },
    WARNING: {
      description: 'Of a step: it keeps no sign-in from passing, and its detail says what does not work yet.',
    },
    FAILED: { description: 'Did not pass.' },
    EXPIRED: { description: 'Nobody came back in time; begin another one.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'One check inside a sign-in test.' })
export class TestStep {
  @Field(() => String, { description: 'Stable name of the check.' }) key: string
  @Field(() => String, { description: 'What is checked.' }) title: string
  @Field(() => TestStatusEnum, { description: 'How it went.' }) status: TestStatus
  @Field(() => String, { nullable: true, description: 'What was found.' }) detail: string | null
}

@ObjectType('SsoTestRun', {
  implements: Node,
  simpleResolvers: true,
  description: 'A live sign-in that tests a connection. Open startUrl in a new tab and read the test again.',
})
export class SsoTestRunType extends Node {
  @Field(() => TestStatusEnum, { description: 'How it stands.' }) status: TestStatus
  @Field(() => String, { description: 'Where the sign-in begins, in the browser of whoever tests.' }) startUrl: string
  @Field(() => String, { description: 'Name of whoever began it, as it was then.' }) startedByName: string
  @Field(() => DateTime, { description: 'When it began.' }) startedAt: Date
  @Field(() => DateTime, { nullable: true, description: 'When it ended.' }) finishedAt: Date | null
  @Directive('@listSize(assumedSize: 8)')
  @Field(() => [TestStep], { description: 'What was checked, in order.' })
  steps: TestStep[]
  @Field(() => Json, { nullable: true, description: 'Claims or attributes as received; wiped after a day.' })
  received: unknown
  @Field(() => String, { nullable: true, description: 'Who it would have been.' }) mappedSubject: string | null
  @Field(() => String, { nullable: true, description: 'The address after mapping.' }) mappedEmail: string | null
  @Field(() => String, { nullable: true, description: 'The name after mapping.' }) mappedName: string | null
  @Field(() => String, { nullable: true, description: 'Name of the role after mapping.' }) mappedRoleName: string | null
  @Field(() => String, { nullable: true, description: 'Stable name of what went wrong.' }) errorCode: string | null
  @Field(() => String, { nullable: true, description: 'What went wrong.' }) errorMessage: string | null
  @Directive('@listSize(assumedSize: 2)')
  @Field(() => [String], { description: 'What to do about it.' })
  howToFix: readonly string[]
}

@ObjectType({ implements: Payload, description: 'The test that has begun.' })
export class SsoTestPayload extends Payload {
  @Field(() => SsoTestRunType, { nullable: true, description: 'The test; null when it did not begin.' })
  testRun?: SsoTestRunType | null
}

const MINUTES = 10

/** The GraphQL object of a test. */
export function ssoTestRunNode(row: SsoTestRunRow, publicUrl: string): SsoTestRunType {
  const isOver = row.status === 'WAITING' && Date.now() > row.startedAt.getTime() + MINUTES * 60_000
  const statusOf = { WAITING: 'WAITING', PASSED: 'SUCCEEDED', WARNED: 'WARNING', FAILED: 'FAILED' } as const
  const { findings } = row
  return {
    typeName: 'SsoTestRun' satisfies IdType,
    id: toTypeId('SsoTestRun', row.id),
    status: isOver ? 'EXPIRED' : statusOf[row.status],
    startUrl: testStartUrl(publicUrl, row.providerId, row.id),
    startedByName: row.startedByName,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    steps: row.steps.map((step) => ({ ...step, status: statusOf[step.status] })),
    received: findings?.received ?? null,
    mappedSubject: findings?.profile?.subject ?? null,
    mappedEmail: findings?.profile?.email ?? null,
    mappedName: findings?.profile?.name ?? null,
    mappedRoleName: findings?.profile?.roleName ?? null,
    errorCode: findings?.errorCode ?? null,
    errorMessage: findings?.errorMessage ?? null,
    howToFix: findings?.howToFix ?? [],
  }
}
