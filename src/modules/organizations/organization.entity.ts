import { Column, Entity, PrimaryColumn } from 'typeorm'

export type OrganizationStatus = 'ACTIVE' | 'PENDING_DELETION'
export type MembershipMode = 'INVITATION' | 'SSO'

/** The tenant: owns everything below it. */
@Entity('organizations')
export class OrganizationEntity {
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @Column('text') slug: string
  @Column('text') name: string
  @Column('text', { nullable: true }) description: string | null
  @Column('text', { name: 'logo_url', nullable: true }) logoUrl: string | null
  @Column('text', { name: 'billing_email' }) billingEmail: string
  @Column('text', { default: 'ACTIVE' }) status: OrganizationStatus
  @Column('text', { name: 'membership_mode', default: 'INVITATION' }) membershipMode: MembershipMode
  /** 1..30 */
  @Column('integer', { name: 'invitation_lifetime_days', default: 7 }) invitationLifetimeDays: number
  /** Domains an invitation may be sent to; empty means any. */
  @Column('text', { name: 'invitation_domains', array: true, default: '{}' }) invitationDomains: string[]
  /** The longest life of an API key in days, 1..3650; null for any. */
  @Column('integer', { name: 'api_key_max_lifetime_days', nullable: true }) apiKeyMaxLifetimeDays: number | null
  @Column({ type: 'timestamptz', name: 'deletion_requested_at', precision: 3, nullable: true })
  deletionRequestedAt: Date | null
  @Column({ type: 'timestamptz', name: 'deletion_scheduled_for', precision: 3, nullable: true })
  deletionScheduledFor: Date | null
  @Column('integer', { default: 1 }) version: number
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3, default: () => 'now()' }) updatedAt: Date
}
