import { Column, Entity, PrimaryColumn } from 'typeorm'

/** How many people and projects an organization has; changed in the transaction of every change, last of all. */
@Entity('organization_counters')
export class OrganizationCountersEntity {
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @Column('integer', { default: 0 }) joined: number
  @Column('integer', { default: 0 }) invited: number
  @Column('integer', { default: 0 }) suspended: number
  /** Joined members with the Admin role; at least 1 by a constraint, or `adminlessSince` tells why not. */
  @Column('integer', { default: 0 }) admins: number
  @Column({ type: 'timestamptz', name: 'adminless_since', precision: 3, nullable: true }) adminlessSince: Date | null
  @Column('integer', { default: 0 }) projects: number
  /** How many invited members there may be at once. */
  @Column('integer', { name: 'invitation_quota', default: 1000 }) invitationQuota: number
}
