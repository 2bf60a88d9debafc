import { Directive, Field, ID, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import {
  type CertificateRow,
  filledGuide,
  type GroupMappingRow,
  type IdpVendor,
  type SsoProviderRow,
  type SsoStatus,
  setupValues,
} from '../../modules/sso'
import { CopyableValue } from '../copyable-value.type'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'
import { Payload } from '../payload.type'
import { RoleType, roleNode } from '../roles/role.type'

export const IdpVendorEnum: Record<IdpVendor, IdpVendor> = {
  OKTA: 'OKTA',
  ENTRA: 'ENTRA',
  GOOGLE: 'GOOGLE',
  JUMPCLOUD: 'JUMPCLOUD',
  ONELOGIN: 'ONELOGIN',
  PING: 'PING',
  KEYCLOAK: 'KEYCLOAK',
  DEMO: 'DEMO',
  OTHER: 'OTHER',
}
registerEnumType(IdpVendorEnum, {
  name: 'IdpVendor',
  description: 'Who makes an identity provider; it chooses the guide.',
  valuesConfig: {
    OKTA: { description: 'Okta Workforce Identity.' },
    ENTRA: { description: 'Microsoft Entra ID; issuers of one directory only.' },
    GOOGLE: { description: 'Google Workspace.' },
    JUMPCLOUD: { description: 'JumpCloud.' },
    ONELOGIN: { description: 'OneLogin.' },
    PING: { description: 'Ping Identity.' },
    KEYCLOAK: { description: 'Keycloak.' },
    DEMO: { description: 'The identity provider of a development installation.' },
    OTHER: { description: 'Any that follows the standards.' },
  },
})

const SsoStatusEnum = { DRAFT: 'DRAFT', TESTED: 'TESTED', ACTIVE: 'ACTIVE', DISABLED: 'DISABLED' } as const
registerEnumType(SsoStatusEnum, {
  name: 'SsoStatus',
  description: 'How far a connection has come.',
  valuesConfig: {
    DRAFT: { description: 'Being set up; no sign-in has passed with these settings.' },
    TESTED: { description: 'A sign-in test has passed with exactly these settings.' },
    ACTIVE: { description: 'Members sign in by it.' },
    DISABLED: { description: 'Out of use; sessions that began with it have ended.' },
  },
})

const CertificateStatusEnum = { ACTIVE: 'ACTIVE', NEXT: 'NEXT' } as const
registerEnumType(CertificateStatusEnum, {
  name: 'CertificateStatus',
  description: 'How a certificate is used. Both kinds are trusted.',
  valuesConfig: {
    ACTIVE: { description: 'The provider signs with it.' },
    NEXT: { description: 'The provider may begin to sign with it at any time.' },
  },
})

const ClientAuthenticationEnum = {
  client_secret_post: 'client_secret_post',
  client_secret_basic: 'client_secret_basic',
}
export const ClientAuthentication = ClientAuthenticationEnum
registerEnumType(ClientAuthenticationEnum, {
  name: 'ClientAuthentication',
  description: 'How the client secret is presented (OpenID Connect Core §9).',
  valuesConfig: {
    client_secret_post: { description: 'In the body; what providers understand best.' },
    client_secret_basic: { description: 'In the Authorization header.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'Which claim or attribute fills which profile field.' })
export class AttributeMapping {
  @Field(() => String, { description: 'email, firstName, lastName, name, avatarUrl or groups.' }) target: string
  @Field(() => String, { description: 'Name of the claim or attribute.' }) source: string
}

@ObjectType({ simpleResolvers: true, description: 'A team, as far as a connection names it.' })
export class MappedTeam {
  @Field(() => ID, { description: 'The id of the team.' }) id: string
  @Field(() => String, { description: 'Its name.' }) name: string
}

@ObjectType({
  simpleResolvers: true,
  description: 'Role or team that members of a group at the identity provider get at sign-in.',
})
export class GroupRoleMapping {
  @Field(() => String, { description: 'The group, as the provider sends it.' }) group: string
  @Field(() => RoleType, { nullable: true, description: 'The role it gives.' }) role: RoleType | null
  @Field(() => MappedTeam, { nullable: true, description: 'The team it puts into.' }) team: MappedTeam | null
}

@ObjectType({ simpleResolvers: true, description: 'One step of the guide of a vendor, with the values filled in.' })
export class SetupGuideStep {
  @Field(() => String, { description: 'Stable name of the step.' }) key: string
  @Field(() => String, { description: 'What is done.' }) title: string
  @Field(() => String, { description: 'Markdown: where to click.' }) body: string
  @Directive('@listSize(assumedSize: 1)')
  @Field(() => [CopyableValue], { description: 'What is copied in this step.' })
  values: readonly CopyableValue[]
}

@ObjectType({ simpleResolvers: true, description: 'A SAML signing certificate of the identity provider.' })
export class Certificate {
  @Field(() => ID, { description: 'For retireSsoCertificate.' }) id: string
  @Field(() => String, { description: 'SHA-256 over the DER, hex.' }) fingerprintSha256: string
  @Field(() => String, { description: 'Its distinguished name.' }) subject: string
  @Field(() => CertificateStatusEnum, { description: 'How it is used.' }) status: 'ACTIVE' | 'NEXT'
  @Field(() => DateTime, { description: 'When it expires. Sign-ins go on to be taken: it pins a key.' }) notAfter: Date
  @Field(() => Boolean, { description: 'Whether it expires within 60 days, or has expired.' }) isExpiringSoon: boolean
  @Field(() => Boolean, { description: 'Whether it has expired.' }) isExpired: boolean
  @Field(() => DateTime, { nullable: true, description: 'When it last verified a sign-in, to the hour.' })
  lastUsedAt: Date | null
}

@InterfaceType('SsoProvider', {
  implements: Node,
  description: 'A connection to an identity provider. (Not named ...Connection: that suffix is for paginated lists.)',
  resolveType: (provider: SsoProviderType) => provider.typeName,
})
export abstract class SsoProviderType extends Node {
  /** The row it is made of. */
  readonly row: SsoProviderRow
  @Field(() => String, { description: 'Unique within the organization.' }) name: string
  @Field(() => IdpVendorEnum, { description: 'Who makes it.' }) vendor: IdpVendor
  @Field(() => SsoStatusEnum, { description: 'How far it has come.' }) status: SsoStatus
  @Field(() => Boolean, { description: 'Whether changed settings wait for a test; until then the old ones count.' })
  hasPendingSettings: boolean
  @Field(() => Int, { description: 'Send back as expectedVersion to detect concurrent edits.' }) version: number
  @Field(() => Boolean, { description: 'Whether a first sign-in makes a member.' }) justInTime: boolean
  @Field(() => RoleType, { description: 'What such a member gets where no group gives a role.' }) defaultRole: RoleType
  @Directive('@listSize(assumedSize: 1)')
  @Field(() => [AttributeMapping], { description: 'What fills the profile; the usual names count for what is absent.' })
  attributeMapping: AttributeMapping[]
  @Directive('@listSize(assumedSize: 2)')
  @Field(() => [GroupRoleMapping], { description: 'Groups that give something; others are ignored.' })
  groupMappings: GroupRoleMapping[]
  @Field(() => String, {
    nullable: true,
    description: 'Which claim or attribute is the subject; null for sub or Name ID.',
  })
  subjectSource: string | null
  @Field(() => Boolean, { description: 'Whether people with addresses outside the proven domains may come in.' })
  allowsOtherDomains: boolean
  @Field(() => Boolean, { description: 'Whether a sign-in may begin at the provider.' }) allowsIdpInitiated: boolean
  @Field(() => Boolean, { description: 'Whether the provider is asked again in the background.' })
  rechecksAccess: boolean
  @Field(() => Int, { description: 'How long a session lasts.' }) sessionLifetimeMinutes: number
  @Directive('@listSize(assumedSize: 4)')
  @Field(() => [CopyableValue], { description: 'Values to enter at the identity provider.' })
  setupValues: CopyableValue[]
  @Directive('@listSize(assumedSize: 6)')
  @Field(() => [SetupGuideStep], { description: 'What to do there, for this vendor.' })
  setupGuide: SetupGuideStep[]
  @Field(() => DateTime, { nullable: true, description: 'When somebody last signed in by it.' })
  lastSignInAt: Date | null
  @Field(() => DateTime, { description: 'When it was made.' }) createdAt: Date
}

@ObjectType('OidcProvider', { implements: SsoProviderType, description: 'An OpenID Connect provider.' })
export class OidcProviderType extends SsoProviderType {
  @Field(() => String, { description: 'As the provider writes it.' }) issuer: string
  @Field(() => String, { description: 'How we are known there.' }) clientId: string
  @Field(() => String, {
    nullable: true,
    description: 'The last four characters of the client secret; it is never shown.',
  })
  clientSecretPreview: string | null
  @Field(() => ClientAuthenticationEnum, { description: 'How the secret is presented.' }) clientAuthentication: string
  @Field(() => [String], { description: 'What is asked for.' }) scopes: readonly string[]
  @Field(() => String, { description: 'As discovered.' }) authorizationEndpoint: string
  @Field(() => String, { description: 'As discovered.' }) tokenEndpoint: string
  @Field(() => String, { nullable: true, description: 'As discovered.' }) userinfoEndpoint: string | null
  @Field(() => String, { description: 'As discovered.' }) jwksUri: string
  @Field(() => String, { nullable: true, description: 'Google Workspace: the domain that hd must name.' })
  hostedDomain: string | null
}

@ObjectType('SamlProvider', { implements: SsoProviderType, description: 'A SAML 2.0 provider.' })
export class SamlProviderType extends SsoProviderType {
  @Field(() => String, { description: 'As the provider writes it.' }) idpEntityId: string
  @Field(() => String, { description: 'Where a sign-in is sent.' }) idpSsoUrl: string
  @Field(() => String, { nullable: true, description: 'Where its metadata was read.' }) metadataUrl: string | null
  @Field(() => String, { nullable: true, description: 'Which format of Name ID is asked for.' }) nameIdFormat:
    | string
    | null
  @Field(() => Boolean, { description: 'Whether requests are signed.' }) signRequests: boolean
  @Directive('@listSize(assumedSize: 2)')
  @Field(() => [Certificate], { description: 'The certificates that are trusted, oldest first.' })
  certificates: Certificate[]
}

@ObjectType({ implements: Payload, description: 'The connection as it is after the change.' })
export class SsoProviderPayload extends Payload {
  @Field(() => SsoProviderType, { nullable: true, description: 'The connection; null when nothing changed.' })
  provider?: SsoProviderType | null
  @Field(() => Int, { nullable: true, description: 'How many live sessions ended by it.' }) sessionsEnded?:
    | number
    | null
  @Field(() => Int, { nullable: true, description: 'How many refresh tokens of applications ended with those.' })
  refreshTokensRevoked?: number | null
}

const SOON = 60 * 86_400_000

/** The GraphQL object of a connection. Of one with changes that wait for a test, it shows what counts now. */
export function ssoProviderNode(row: SsoProviderRow, publicUrl: string): SsoProviderType {
  const { settings } = row
  const common = {
    row,
    id: toTypeId('SsoProvider', row.id),
    name: row.name,
    vendor: row.vendor,
    status: row.status,
    hasPendingSettings: row.pendingSettings !== null,
    version: row.version,
    justInTime: row.justInTime,
    defaultRole: roleNode({ ...row.defaultRole, scope: 'ORGANIZATION' }),
    attributeMapping: Object.entries(row.attributeMapping).map(([target, source]) => ({ target, source })),
    groupMappings: row.groupMappings.map(groupMapping),
    subjectSource: row.subjectSource,
    allowsOtherDomains: row.allowsOtherDomains,
    allowsIdpInitiated: row.allowsIdpInitiated,
    rechecksAccess: row.rechecksAccess,
    sessionLifetimeMinutes: row.sessionLifetimeMinutes,
    setupValues: setupValues(publicUrl, row.id, settings.protocol),
    setupGuide: filledGuide(publicUrl, row),
    lastSignInAt: row.lastSignInAt,
    createdAt: row.createdAt,
  }
  if (settings.protocol === 'SAML')
    return Object.assign(new SamlProviderType(), common, {
      typeName: 'SamlProvider' as const,
      idpEntityId: settings.idpEntityId,
      idpSsoUrl: settings.ssoUrl,
      metadataUrl: settings.metadataUrl,
      nameIdFormat: settings.nameIdFormat,
      signRequests: settings.signsRequests,
      certificates: row.certificates.map(certificate),
    })
  return Object.assign(new OidcProviderType(), common, {
    typeName: 'OidcProvider' as const,
    issuer: settings.issuer,
    clientId: settings.clientId,
    clientSecretPreview: settings.clientSecretPreview ?? null,
    clientAuthentication: settings.clientAuthentication,
    scopes: settings.scopes,
    authorizationEndpoint: settings.metadata.authorization_endpoint,
    tokenEndpoint: settings.metadata.token_endpoint,
    userinfoEndpoint: settings.metadata.userinfo_endpoint ?? null,
    jwksUri: settings.metadata.jwks_uri,
    hostedDomain: settings.hostedDomain ?? null,
  })
}

function groupMapping({ groupName, role, team }: GroupMappingRow): GroupRoleMapping {
  return {
    group: groupName,
    role: role && roleNode({ ...role, scope: 'ORGANIZATION' }),
    team: team && { id: toTypeId('Team', team.id), name: team.name },
  }
}

function certificate(row: CertificateRow): Certificate {
  const left = row.notAfter.getTime() - Date.now()
  return {
    id: toTypeId('Certificate', row.id),
    fingerprintSha256: row.fingerprint,
    subject: row.subject,
    status: row.status === 'NEXT' ? 'NEXT' : 'ACTIVE',
    notAfter: row.notAfter,
    isExpiringSoon: left <= SOON,
    isExpired: left <= 0,
    lastUsedAt: row.lastUsedAt,
  }
}
