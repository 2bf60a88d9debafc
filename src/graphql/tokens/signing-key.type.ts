import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { SigningKey } from '../../modules/tokens'
import { DateTime } from '../date-time.scalar'

const SigningKeyStatusEnum = { NEXT: 'NEXT', ACTIVE: 'ACTIVE', RETIRED: 'RETIRED' } as const
registerEnumType(SigningKeyStatusEnum, {
  name: 'SigningKeyStatus',
  description: 'Where a key that signs access tokens stands. All of them are published.',
  valuesConfig: {
    NEXT: { description: 'Signs nothing yet, so that everybody knows it when it does.' },
    ACTIVE: { description: 'Signs.' },
    RETIRED: { description: 'Has signed what may still be alive; goes after an hour.' },
  },
})

@ObjectType('SigningKey', { simpleResolvers: true, description: 'A key that signs access tokens.' })
export class SigningKeyType {
  @Field(() => ID, { description: 'Its kid: the thumbprint of the public key (RFC 7638).' }) id: string
  @Field(() => SigningKeyStatusEnum, { description: 'Where it stands.' }) status: SigningKey['status']
  @Field(() => DateTime, { description: 'When it was made and published.' }) createdAt: Date
  @Field(() => DateTime, { nullable: true, description: 'Since when it has signed.' }) activatedAt: Date | null
  @Field(() => DateTime, { nullable: true, description: 'Since when it signs no more.' }) retiredAt: Date | null
}
