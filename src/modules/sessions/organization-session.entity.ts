import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A session that is valid in exactly one organization and dies with the member's epoch. */
@Entity('organization_sessions')
export class OrganizationSessionEntity {
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @PrimaryColumn('uuid') id: string
  @Column('bytea', { name: 'token_hash' }) tokenHash: Buffer
  @Column('uuid', { name: 'member_id' }) memberId: string
  @Column('integer', { name: 'member_epoch' }) memberEpoch: number
  @Column('uuid', { name: 'user_id' }) userId: string
  /** The account session that opened it; signing out there ends it here. Null for a sign-in through the company. */
  @Column('uuid', { name: 'account_session_id', nullable: true }) accountSessionId: string | null
  @Column('text') provider: string
  /** The connection it began with. */
  @Column('uuid', { name: 'sso_provider_id', nullable: true }) ssoProviderId: string | null
  @Column('text', { nullable: true }) ip: string | null
  @Column('text', { name: 'user_agent', nullable: true }) userAgent: string | null
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'last_active_at', precision: 3, default: () => 'now()' }) lastActiveAt: Date
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt: Date
  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true }) revokedAt: Date | null
}
