import { AccessExplainResolver, DecisionReasonResolver } from './access/access-explain.resolver'
import {
  ApiKeyQuery,
  MemberApiKeysQuery,
  OrganizationApiKeysQuery,
  ProjectApiKeysQuery,
  ServiceAccountApiKeysQuery,
} from './api-keys/api-key.query'
import { ApiKeyFieldsResolver } from './api-keys/api-key-fields.resolver'
import { CreateApiKeyMutation } from './api-keys/create-api-key.mutation'
import { RevokeApiKeyMutation } from './api-keys/revoke-api-key.mutation'
import { RotateApiKeyMutation } from './api-keys/rotate-api-key.mutation'
import { UpdateApiKeyMutation } from './api-keys/update-api-key.mutation'
import { OrganizationAuditResolver } from './audit/organization-audit.resolver'
import { AdoptDirectoryUserMutation } from './directories/adopt-directory-user.mutation'
import { CreateDirectoryMutation } from './directories/create-directory.mutation'
import { CreateScimTokenMutation } from './directories/create-scim-token.mutation'
import { DeleteDirectoryMutation } from './directories/delete-directory.mutation'
import {
  DirectoryFieldsResolver,
  OrganizationDirectoriesQuery,
  ScimTokenFieldsResolver,
} from './directories/directory.query'
import { DirectoryConflictFieldsResolver, DirectoryConflictsQuery } from './directories/directory-conflict.query'
import {
  DirectoryDriftFields,
  DirectoryDriftQuery,
  UnmanagedMemberStretchFields,
  UnmanagedMembersQuery,
} from './directories/directory-drift.query'
import { DirectoryGroupFieldsResolver, DirectoryGroupsQuery } from './directories/directory-group.query'
import {
  DecisionReasonRuleQuery,
  DirectoryGroupRulesQuery,
  DirectoryRoleChangeFields,
  DirectoryRulesQuery,
  DirectoryUserRulesQuery,
} from './directories/directory-rule.query'
import {
  DirectoryUserFieldsResolver,
  DirectoryUsersQuery,
  MemberDirectoryUserQuery,
} from './directories/directory-user.query'
import { PauseDirectoryMutation } from './directories/pause-directory.mutation'
import { RevokeScimTokenMutation } from './directories/revoke-scim-token.mutation'
import { DirectoryRequestsQuery, ScimRequestFieldsResolver } from './directories/scim-request.query'
import { SetDirectoryRulesMutation } from './directories/set-directory-rules.mutation'
import { UpdateDirectoryMutation } from './directories/update-directory.mutation'
import { AddDomainMutation } from './domains/add-domain.mutation'
import { OrganizationDomainsQuery } from './domains/domain.query'
import { RemoveDomainMutation } from './domains/remove-domain.mutation'
import { UpdateDomainMutation } from './domains/update-domain.mutation'
import { VerifyDomainMutation } from './domains/verify-domain.mutation'
import { LoginOptionsQuery } from './installation/login-options.query'
import { ServerInfoQuery } from './installation/server-info.query'
import { AcceptInvitationMutation } from './invitations/accept-invitation.mutation'
import { CreateInvitationLinkMutation } from './invitations/create-invitation-link.mutation'
import { CreatedOrganizationResolver } from './invitations/created-organization.resolver'
import { DeclineInvitationMutation } from './invitations/decline-invitation.mutation'
import { InvitationResolver, MemberInvitationResolver } from './invitations/invitation.resolver'
import { InvitationResultResolver } from './invitations/invitation-result.type'
import { InviteMembersMutation } from './invitations/invite-members.mutation'
import { OrganizationInvitationsResolver } from './invitations/organization-invitations.resolver'
import { PreparedAccessResolver } from './invitations/prepared-access.resolver'
import { ReceivedInvitationsResolver } from './invitations/received-invitations.resolver'
import { ResendInvitationsMutation } from './invitations/resend-invitations.mutation'
import { RevokeInvitationsMutation } from './invitations/revoke-invitations.mutation'
import { UpdateInvitationMutation } from './invitations/update-invitation.mutation'
import { CancelJoinRequestMutation } from './join-requests/cancel-join-request.mutation'
import { CreateJoinRequestMutation } from './join-requests/create-join-request.mutation'
import { DecideJoinRequestsMutation, JoinRequestResultFields } from './join-requests/decide-join-requests.mutation'
import { OrganizationJoinRequestsQuery, ViewerJoinRequestsQuery } from './join-requests/join-request.query'
import { AddMemberMutation } from './members/add-member.mutation'
import { LeaveOrganizationMutation } from './members/leave-organization.mutation'
import { LiftMemberBlockMutation } from './members/lift-member-block.mutation'
import { MemberConnectionQuery, OrganizationMembersQuery } from './members/member.query'
import { MemberBlockFields, OrganizationMemberBlocksQuery } from './members/member-block.query'
import { MemberFieldsQuery } from './members/member-fields.query'
import { MemberResultFields, MembersPayloadFields } from './members/members.payload'
import { ReactivateMembersMutation } from './members/reactivate-members.mutation'
import { RemoveMembersMutation } from './members/remove-members.mutation'
import { SetMembersRoleMutation } from './members/set-members-role.mutation'
import { SuspendMembersMutation } from './members/suspend-members.mutation'
import { BreakGlassAdminFields, BreakGlassAdminsQuery } from './membership-mode/break-glass-admins.query'
import {
  MembershipModePreviewQuery,
  SwitchMemberFields,
  SwitchMembersQuery,
} from './membership-mode/membership-mode-preview.query'
import {
  IssuedRecoveryCodesFields,
  LockedOutMembersQuery,
  OrganizationModeSwitchQuery,
} from './membership-mode/membership-mode-switch.query'
import { ReplaceRecoveryCodesMutation } from './membership-mode/replace-recovery-codes.mutation'
import { RevertMembershipModeMutation } from './membership-mode/revert-membership-mode.mutation'
import { SwitchMembershipModeMutation } from './membership-mode/switch-membership-mode.mutation'
import { NodeQuery } from './node.query'
import { CancelOrganizationDeletionMutation } from './organizations/cancel-organization-deletion.mutation'
import { CreateOrganizationMutation } from './organizations/create-organization.mutation'
import { DeleteOrganizationMutation } from './organizations/delete-organization.mutation'
import { OrganizationQuery } from './organizations/organization.query'
import { OrganizationAccessResolver } from './organizations/organization-access.resolver'
import { OrganizationListQuery } from './organizations/organization-list.query'
import { UpdateOrganizationMutation } from './organizations/update-organization.mutation'
import { PermissionQuery } from './permissions/permission.query'
import { PermissionResultFields } from './permissions/permissions.payload'
import { RegisterPermissionsMutation } from './permissions/register-permissions.mutation'
import { RetirePermissionsMutation } from './permissions/retire-permissions.mutation'
import { ArchiveProjectMutation } from './projects/archive-project.mutation'
import { CreateProjectMutation } from './projects/create-project.mutation'
import { DeleteProjectMutation } from './projects/delete-project.mutation'
import { MakeProjectDefaultMutation } from './projects/make-project-default.mutation'
import { OrganizationProjectsResolver } from './projects/organization-projects.resolver'
import {
  MemberAccessListResolver,
  ProjectAccessListResolver,
  ProjectAccessReasonResolver,
  ProjectAccessResolver,
} from './projects/project-access.resolver'
import { ProjectActionsResolver } from './projects/project-actions.resolver'
import {
  MemberGrantsResolver,
  ProjectGrantResolver,
  ProjectGrantsResolver,
  TeamGrantsResolver,
} from './projects/project-grant.resolver'
import { RemoveProjectGrantMutation } from './projects/remove-project-grant.mutation'
import { SetProjectGrantMutation } from './projects/set-project-grant.mutation'
import { SetProjectGrantsMutation } from './projects/set-project-grants.mutation'
import { UpdateProjectMutation } from './projects/update-project.mutation'
import { CreateRoleMutation } from './roles/create-role.mutation'
import { DeleteRoleMutation } from './roles/delete-role.mutation'
import { PermissionGroupsQuery } from './roles/permission-groups.query'
import { RoleFieldsResolver, RoleQuery } from './roles/role.query'
import { UpdateRoleMutation } from './roles/update-role.mutation'
import { CreateServiceAccountMutation } from './service-accounts/create-service-account.mutation'
import { DeleteServiceAccountMutation } from './service-accounts/delete-service-account.mutation'
import { DisableServiceAccountMutation } from './service-accounts/disable-service-account.mutation'
import { EnableServiceAccountMutation } from './service-accounts/enable-service-account.mutation'
import {
  OrganizationServiceAccountsQuery,
  ProjectServiceAccountsQuery,
  ServiceAccountFieldsResolver,
} from './service-accounts/service-account.query'
import { UpdateServiceAccountMutation } from './service-accounts/update-service-account.mutation'
import { RevokeAllSessionsMutation } from './sessions/revoke-all-sessions.mutation'
import { RevokeSessionMutation } from './sessions/revoke-session.mutation'
import { CreateSetupLinkMutation } from './setup-links/create-setup-link.mutation'
import { RevokeSetupLinkMutation } from './setup-links/revoke-setup-link.mutation'
import { OrganizationSetupLinksQuery } from './setup-links/setup-link.query'
import { ActivateSsoProviderMutation } from './sso/activate-sso-provider.mutation'
import { AddSsoCertificateMutation } from './sso/add-sso-certificate.mutation'
import { CreateSsoProviderMutation } from './sso/create-sso-provider.mutation'
import { DeleteSsoProviderMutation } from './sso/delete-sso-provider.mutation'
import { DisableSsoProviderMutation } from './sso/disable-sso-provider.mutation'
import { ImportSsoProviderMutation } from './sso/import-sso-provider.mutation'
import { RetireSsoCertificateMutation } from './sso/retire-sso-certificate.mutation'
import { SetReturnUrlsMutation } from './sso/set-return-urls.mutation'
import { MemberIdentitiesResolver } from './sso/sso-identity.type'
import { OrganizationSsoProvidersQuery, SsoProviderFieldsResolver } from './sso/sso-provider.query'
import { TestSsoProviderMutation } from './sso/test-sso-provider.mutation'
import { UpdateSsoProviderMutation } from './sso/update-sso-provider.mutation'
import { AddTeamMembersMutation } from './teams/add-team-members.mutation'
import { CreateTeamMutation } from './teams/create-team.mutation'
import { DeleteTeamMutation } from './teams/delete-team.mutation'
import { MemberTeamsQuery, TeamChildrenQuery } from './teams/nested-teams.query'
import { RemoveTeamMembersMutation } from './teams/remove-team-members.mutation'
import { TeamMembersPayloadFields } from './teams/team.payload'
import { OrganizationTeamsQuery, TeamTreeResolver } from './teams/team.query'
import { TeamAccessResolver } from './teams/team-access.resolver'
import { TeamMemberConnectionFields, TeamMemberEdgeFields, TeamMembersQuery } from './teams/team-members.query'
import { UpdateTeamMutation } from './teams/update-team.mutation'
import { MintAccessTokenMutation } from './tokens/mint-access-token.mutation'
import { RotateSigningKeyMutation } from './tokens/rotate-signing-key.mutation'
import { SigningKeyQuery } from './tokens/signing-key.query'
import { DisableUserMutation } from './users/disable-user.mutation'
import { EnableUserMutation } from './users/enable-user.mutation'
import { UserQuery } from './users/user.query'
import { SwitchOrganizationMutation } from './viewer/switch-organization.mutation'
import { UnlinkIdentityMutation } from './viewer/unlink-identity.mutation'
import { ViewerQuery } from './viewer/viewer.query'

/** Every resolver class; what is not here is not in the schema. */
export const RESOLVERS = [
  OrganizationSetupLinksQuery,
  CreateSetupLinkMutation,
  RevokeSetupLinkMutation,
  OrganizationJoinRequestsQuery,
  ViewerJoinRequestsQuery,
  CreateJoinRequestMutation,
  CancelJoinRequestMutation,
  DecideJoinRequestsMutation,
  JoinRequestResultFields,
  MembershipModePreviewQuery,
  SwitchMembersQuery,
  SwitchMemberFields,
  OrganizationModeSwitchQuery,
  LockedOutMembersQuery,
  SwitchMembershipModeMutation,
  RevertMembershipModeMutation,
  ReplaceRecoveryCodesMutation,
  BreakGlassAdminsQuery,
  BreakGlassAdminFields,
  IssuedRecoveryCodesFields,
  LiftMemberBlockMutation,
  OrganizationMemberBlocksQuery,
  MemberBlockFields,
  AddDomainMutation,
  OrganizationDomainsQuery,
  RemoveDomainMutation,
  UpdateDomainMutation,
  VerifyDomainMutation,
  OrganizationDirectoriesQuery,
  DirectoryFieldsResolver,
  ScimTokenFieldsResolver,
  DirectoryUsersQuery,
  DirectoryUserFieldsResolver,
  DirectoryGroupsQuery,
  DirectoryGroupFieldsResolver,
  MemberDirectoryUserQuery,
  DirectoryRequestsQuery,
  ScimRequestFieldsResolver,
  DirectoryConflictsQuery,
  DirectoryConflictFieldsResolver,
  AdoptDirectoryUserMutation,
  DirectoryRulesQuery,
  DirectoryGroupRulesQuery,
  DirectoryUserRulesQuery,
  DirectoryRoleChangeFields,
  DecisionReasonRuleQuery,
  SetDirectoryRulesMutation,
  DirectoryDriftQuery,
  DirectoryDriftFields,
  UnmanagedMembersQuery,
  UnmanagedMemberStretchFields,
  CreateDirectoryMutation,
  UpdateDirectoryMutation,
  PauseDirectoryMutation,
  DeleteDirectoryMutation,
  CreateScimTokenMutation,
  RevokeScimTokenMutation,
  AccessExplainResolver,
  DecisionReasonResolver,
  NodeQuery,
  ServerInfoQuery,
  LoginOptionsQuery,
  OrganizationQuery,
  CreateOrganizationMutation,
  DeleteOrganizationMutation,
  CancelOrganizationDeletionMutation,
  OrganizationAuditResolver,
  ViewerQuery,
  SwitchOrganizationMutation,
  UnlinkIdentityMutation,
  OrganizationProjectsResolver,
  ProjectActionsResolver,
  ProjectAccessListResolver,
  ProjectAccessResolver,
  ProjectAccessReasonResolver,
  MemberAccessListResolver,
  MemberGrantsResolver,
  TeamGrantsResolver,
  ProjectGrantsResolver,
  ProjectGrantResolver,
  CreateProjectMutation,
  UpdateProjectMutation,
  ArchiveProjectMutation,
  DeleteProjectMutation,
  MakeProjectDefaultMutation,
  SetProjectGrantMutation,
  SetProjectGrantsMutation,
  RemoveProjectGrantMutation,
  OrganizationServiceAccountsQuery,
  ProjectServiceAccountsQuery,
  ServiceAccountFieldsResolver,
  CreateServiceAccountMutation,
  UpdateServiceAccountMutation,
  DisableServiceAccountMutation,
  EnableServiceAccountMutation,
  DeleteServiceAccountMutation,
  ApiKeyQuery,
  OrganizationApiKeysQuery,
  ProjectApiKeysQuery,
  ServiceAccountApiKeysQuery,
  MemberApiKeysQuery,
  ApiKeyFieldsResolver,
  CreateApiKeyMutation,
  UpdateApiKeyMutation,
  RotateApiKeyMutation,
  RevokeApiKeyMutation,
  OrganizationMembersQuery,
  MemberConnectionQuery,
  MemberFieldsQuery,
  AddMemberMutation,
  SetMembersRoleMutation,
  SuspendMembersMutation,
  ReactivateMembersMutation,
  RemoveMembersMutation,
  LeaveOrganizationMutation,
  MemberResultFields,
  MembersPayloadFields,
  PermissionQuery,
  PermissionGroupsQuery,
  RegisterPermissionsMutation,
  RetirePermissionsMutation,
  PermissionResultFields,
  OrganizationTeamsQuery,
  TeamTreeResolver,
  TeamAccessResolver,
  TeamMembersQuery,
  TeamMemberConnectionFields,
  TeamMemberEdgeFields,
  TeamMembersPayloadFields,
  MemberTeamsQuery,
  TeamChildrenQuery,
  CreateTeamMutation,
  UpdateTeamMutation,
  DeleteTeamMutation,
  AddTeamMembersMutation,
  RemoveTeamMembersMutation,
  RoleFieldsResolver,
  RoleQuery,
  CreateRoleMutation,
  UpdateRoleMutation,
  DeleteRoleMutation,
  ActivateSsoProviderMutation,
  AddSsoCertificateMutation,
  CreateSsoProviderMutation,
  DeleteSsoProviderMutation,
  DisableSsoProviderMutation,
  ImportSsoProviderMutation,
  RetireSsoCertificateMutation,
  SetReturnUrlsMutation,
  MemberIdentitiesResolver,
  OrganizationSsoProvidersQuery,
  SsoProviderFieldsResolver,
  TestSsoProviderMutation,
  UpdateSsoProviderMutation,
  RevokeSessionMutation,
  RevokeAllSessionsMutation,
  UserQuery,
  MintAccessTokenMutation,
  RotateSigningKeyMutation,
  SigningKeyQuery,
  DisableUserMutation,
  EnableUserMutation,
  AcceptInvitationMutation,
  CreatedOrganizationResolver,
  CreateInvitationLinkMutation,
  DeclineInvitationMutation,
  InvitationResolver,
  MemberInvitationResolver,
  PreparedAccessResolver,
  InvitationResultResolver,
  InviteMembersMutation,
  OrganizationInvitationsResolver,
  ReceivedInvitationsResolver,
  ResendInvitationsMutation,
  RevokeInvitationsMutation,
  UpdateInvitationMutation,
  OrganizationAccessResolver,
  OrganizationListQuery,
  UpdateOrganizationMutation,
] as const
