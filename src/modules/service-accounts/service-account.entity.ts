import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A program that acts in one project, with a role of its own. */
@Entity('service_accounts')
export class ServiceAccountEntity {
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @PrimaryColumn('uuid') id: string
  @Column('uuid', { name: 'project_id' }) projectId: string
  @Column('text') name: string
  @Column('text', { nullable: true }) description: string | null
  /** The keys of a disabled one have ended. */
  @Column('text', { default: 'ACTIVE' }) status: 'ACTIVE' | 'DISABLED'
  /** A role of scope PROJECT. */
  @Column('uuid', { name: 'role_id' }) roleId: string
  @Column('uuid', { name: 'created_by_id', nullable: true }) createdById: string | null
  @Column('text', { name: 'created_by_name' }) createdByName: string
  @Column('integer', { default: 1 }) version: number
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3, default: () => 'now()' }) updatedAt: Date
}
