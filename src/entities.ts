import {
  AccountSessionEntity,
  IdentityEntity,
  SignInAttemptEntity,
  SignInCodeEntity,
  UserEntity,
} from './modules/accounts'
import { InvitationAddressEntity, InvitationEntity } from './modules/invitations'
import { MemberEntity, UserMembershipEntity } from './modules/members'
import {
  OrganizationCardEntity,
  OrganizationCountersEntity,
  OrganizationEntity,
  OrganizationSlugEntity,
} from './modules/organizations'
import { ProjectEntity, ProjectGrantEntity } from './modules/projects'
import { RoleEntity } from './modules/roles'
import { ServiceAccountEntity } from './modules/service-accounts'
import { OrganizationSessionEntity } from './modules/sessions'

/** Every mapped table. A contract test holds each against the migrated database. */
export const ENTITIES = [
  AccountSessionEntity,
  IdentityEntity,
  InvitationAddressEntity,
  InvitationEntity,
  MemberEntity,
  OrganizationCardEntity,
  OrganizationCountersEntity,
  OrganizationEntity,
  OrganizationSessionEntity,
  OrganizationSlugEntity,
  ProjectEntity,
  ProjectGrantEntity,
  RoleEntity,
  ServiceAccountEntity,
  SignInAttemptEntity,
  SignInCodeEntity,
  UserEntity,
  UserMembershipEntity,
]
