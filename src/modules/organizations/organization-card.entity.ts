import { Column, Entity, PrimaryColumn } from 'typeorm'

/** What a person may see of an organization from the account side, where no tenant row is visible. */
@Entity('organization_cards')
export class OrganizationCardEntity {
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @Column('text') slug: string
  @Column('text') name: string
  @Column('text', { name: 'logo_url', nullable: true }) logoUrl: string | null
  @Column('text') status: 'ACTIVE' | 'PENDING_DELETION'
  @Column('text', { name: 'membership_mode', default: 'INVITATION' }) membershipMode: 'INVITATION' | 'SSO'
  @Column({ type: 'timestamptz', name: 'deletion_scheduled_for', precision: 3, nullable: true })
  deletionScheduledFor: Date | null
}
