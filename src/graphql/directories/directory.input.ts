import { Field, ID, InputType } from 'type-graphql'
import type { IdpVendor } from '../../kernel/idp-vendor'
import type { DeprovisionAction, DirectoryDraft, LinkKey } from '../../modules/directories'
import { IdpVendorEnum } from '../sso/sso-provider.type'
import { DeprovisionActionEnum, LinkKeyEnum } from './directory.type'

@InputType({
  description:
    'What a directory is made of. A new one takes what is absent from the presets of its vendor; on an update it stays as it is.',
})
export class DirectoryInput implements DirectoryDraft {
  @Field(() => String, { nullable: true, description: 'At most 100 characters, unique within the organization.' })
  name?: string | null
  @Field(() => IdpVendorEnum, { nullable: true, description: 'Who makes it; OTHER for a new one when absent.' })
  vendor?: IdpVendor | null
  @Field(() => DeprovisionActionEnum, { nullable: true, description: 'What becomes of a member whom it deletes.' })
  deprovisionAction?: DeprovisionAction | null
  @Field(() => ID, { nullable: true, description: 'The role of people to whom no rule gives one; Member when absent.' })
  defaultRoleId?: string | null
  @Field(() => Boolean, {
    nullable: true,
    description: 'Take over members with an address of a proven domain without asking; true when absent.',
  })
  adoptsVerifiedDomains?: boolean | null
  @Field(() => [LinkKeyEnum], { nullable: true, description: 'How a sign-in finds its person, all of it anew.' })
  linkKeys?: LinkKey[] | null
  @Field(() => Boolean, { nullable: true, description: 'Take nothing that the RFCs do not allow.' })
  isStrict?: boolean | null
  @Field(() => Boolean, { nullable: true, description: 'Compute and log what would change, and change nothing.' })
  isDryRun?: boolean | null
}
