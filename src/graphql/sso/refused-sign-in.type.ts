import { Field, ObjectType } from 'type-graphql'
import type { SsoRefusalRow } from '../../modules/sso'
import { SSO_REFUSALS } from '../../modules/sso'
import { DateTime } from '../date-time.scalar'

@ObjectType({ simpleResolvers: true, description: 'A sign-in through a connection that was refused.' })
export class RefusedSignIn {
  @Field(() => DateTime, { description: 'When.' }) at: Date
  @Field(() => String, { description: 'Stable name of the reason.' }) code: string
  @Field(() => String, { description: 'What exactly was wrong.' }) detail: string
  @Field(() => [String], { description: 'What to do about it.' }) howToFix: readonly string[]
  @Field(() => String, { nullable: true, description: 'Who it would have been, where it got so far.' })
  subject: string | null
  @Field(() => String, { nullable: true, description: 'The address that the provider named.' }) email: string | null
  @Field(() => String, { nullable: true, description: 'Address it came from.' }) ip: string | null
  @Field(() => String, { description: 'What the person was shown to tell an Admin.' }) requestId: string
}

/** The GraphQL object of a refusal. */
export function refusedSignIn({
  createdAt: at,
  code,
  detail,
  subject,
  email,
  ip,
  requestId,
}: SsoRefusalRow): RefusedSignIn {
  return { at, code, detail, howToFix: SSO_REFUSALS[code]?.howToFix ?? [], subject, email, ip, requestId }
}
