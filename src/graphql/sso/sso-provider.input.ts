import { Directive, Field, ID, InputType, Int } from 'type-graphql'
import type { GroupMappingInput, IdpVendor, OidcInput, SamlInput, SsoProviderDraft } from '../../modules/sso'
import { readId } from '../id'
import { ClientAuthentication, IdpVendorEnum } from './sso-provider.type'

@InputType('OidcSettingsInput', {
  description: 'How an OpenID Connect provider is spoken to. On an update absent values stay as they are.',
})
export class OidcSettingsInput implements OidcInput {
  @Field(() => String, { nullable: true, description: 'Its endpoints are discovered.' }) issuer?: string | null
  @Field(() => String, { nullable: true, description: 'How we are known there.' }) clientId?: string | null
  @Field(() => String, { nullable: true, description: 'Kept sealed and never shown again.' }) clientSecret?:
    | string
    | null
  @Field(() => ClientAuthentication, { nullable: true, description: 'client_secret_post where the provider takes it.' })
  clientAuthentication?: 'client_secret_post' | 'client_secret_basic' | null
  @Field(() => [String], { nullable: true, description: 'openid, email and profile when nothing is said.' })
  scopes?: string[] | null
  @Field(() => String, { nullable: true, description: 'Google Workspace: the domain that hd must name.' })
  hostedDomain?: string | null
}

@InputType('SamlSettingsInput', {
  description: 'How a SAML provider is spoken to: by metadata, or by single values, which count before metadata.',
})
export class SamlSettingsInput implements SamlInput {
  @Field(() => String, { nullable: true, description: 'The metadata itself; at most 256 KiB.' }) metadataXml?:
    | string
    | null
  @Field(() => String, { nullable: true, description: 'Where to read it.' }) metadataUrl?: string | null
  @Field(() => String, { nullable: true, description: 'As the provider writes it.' }) idpEntityId?: string | null
  @Field(() => String, { nullable: true, description: 'HTTP-Redirect.' }) idpSsoUrl?: string | null
  @Field(() => String, { nullable: true, description: 'Which Name ID to ask for; null leaves it to the provider.' })
  nameIdFormat?: string | null
  @Field(() => Boolean, { nullable: true, description: 'Whether requests are signed.' }) signRequests?: boolean | null
  @Field(() => [String], { nullable: true, description: 'PEM or base64; 1 to 4.' }) certificates?: string[] | null
}

@Directive('@oneOf')
@InputType({ description: 'Which protocol; it stays what it is.' })
export class ProtocolSettingsInput {
  @Field(() => OidcSettingsInput, { nullable: true, description: 'OpenID Connect.' }) oidc?: OidcSettingsInput | null
  @Field(() => SamlSettingsInput, { nullable: true, description: 'SAML 2.0.' }) saml?: SamlSettingsInput | null
}

@Directive('@oneOf')
@InputType({ description: 'Where metadata is taken from.' })
export class MetadataSource {
  @Field(() => String, { nullable: true, description: 'Address of SAML metadata, or the issuer of OpenID Connect.' })
  url?: string | null
  @Field(() => String, { nullable: true, description: 'SAML metadata itself.' }) xml?: string | null
}

@InputType({ description: 'Which claim or attribute fills which profile field.' })
export class AttributeMappingInput {
  @Field(() => String, { description: 'email, firstName, lastName, name, avatarUrl or groups.' }) target: string
  @Field(() => String, { description: 'Name of the claim or attribute.' }) source: string
}

@InputType({ description: 'What a group at the identity provider gives: a role or a team.' })
export class GroupRoleMappingInput {
  @Field(() => String, { description: 'The group, as the provider sends it.' }) group: string
  @Field(() => ID, { nullable: true, description: 'A role of scope ORGANIZATION.' }) roleId?: string | null
  @Field(() => ID, { nullable: true, description: 'A team.' }) teamId?: string | null
}

@InputType({ description: 'A new connection.' })
export class CreateSsoProviderInput implements SsoProviderDraft {
  @Field(() => String, { description: 'At most 100 characters, unique within the organization.' }) name: string
  @Field(() => IdpVendorEnum, { description: 'Who makes it.' }) vendor: IdpVendor
  @Field(() => ProtocolSettingsInput, { description: 'How it is spoken to.' }) protocol: ProtocolSettingsInput
  @Field(() => Boolean, { nullable: true, description: 'Whether a first sign-in makes a member; true.' })
  justInTime?: boolean | null
  @Field(() => ID, { nullable: true, description: 'What such a member gets; Member when nothing is said.' })
  defaultRoleId?: string | null
}

@InputType({ description: 'Changes to a connection; absent values stay as they are.' })
export class UpdateSsoProviderInput implements Omit<SsoProviderDraft, 'groupMappings'> {
  @Field(() => String, { nullable: true, description: 'At most 100 characters.' }) name?: string | null
  @Field(() => ProtocolSettingsInput, {
    nullable: true,
    description: 'How it is spoken to. Of an active connection this waits until a test has passed.',
  })
  protocol?: ProtocolSettingsInput | null
  @Field(() => Boolean, { nullable: true, description: 'Whether a first sign-in makes a member.' })
  justInTime?: boolean | null
  @Field(() => ID, { nullable: true, description: 'What such a member gets.' }) defaultRoleId?: string | null
  @Field(() => [AttributeMappingInput], { nullable: true, description: 'All of them anew.' })
  attributeMapping?: AttributeMappingInput[] | null
  @Field(() => [GroupRoleMappingInput], {
    nullable: true,
    description: 'All of them anew; the first that fits counts.',
  })
  groupMappings?: GroupRoleMappingInput[] | null
  @Field(() => String, { nullable: true, description: 'Frozen once somebody has signed in; null for sub or Name ID.' })
  subjectSource?: string | null
  @Field(() => Boolean, { nullable: true, description: 'Let in addresses outside the proven domains.' })
  allowsOtherDomains?: boolean | null
  @Field(() => Boolean, { nullable: true, description: 'Let sign-ins begin at the provider.' })
  allowsIdpInitiated?: boolean | null
  @Field(() => Boolean, { nullable: true, description: 'Ask the provider again in the background.' })
  rechecksAccess?: boolean | null
  @Field(() => Int, { nullable: true, description: '5 minutes to 30 days.' }) sessionLifetimeMinutes?: number | null
}

/** The protocol settings as the module takes them. */
export function readProtocol({ oidc, saml }: ProtocolSettingsInput) {
  if (!saml) return { oidc }
  const { signRequests, ...rest } = saml
  return { saml: { ...rest, signsRequests: signRequests } }
}

/** The mappings with UUIDs. @throws NOT_FOUND */
export function readGroupMappings(mappings: GroupRoleMappingInput[] | null | undefined): GroupMappingInput[] | null {
  if (!mappings) return null
  return mappings.map(({ group, roleId, teamId }, index) => {
    const path = ['input', 'groupMappings', String(index)]
    return {
      group,
      roleId: roleId ? readId('Role', roleId, path) : null,
      teamId: teamId ? readId('Team', teamId, path) : null,
    }
  })
}
