import { Column, Entity, PrimaryColumn } from 'typeorm'

/** An isolated workspace of one organization. */
@Entity('projects')
export class ProjectEntity {
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @PrimaryColumn('uuid') id: string
  @Column('text') slug: string
  @Column('text') name: string
  @Column('text', { nullable: true }) description: string | null
  @Column('boolean', { name: 'is_default', default: false }) isDefault: boolean
  @Column('text', { default: 'ACTIVE' }) status: 'ACTIVE' | 'ARCHIVED'
  @Column('uuid', { name: 'created_by_id', nullable: true }) createdById: string | null
  @Column('text', { name: 'created_by_name' }) createdByName: string
  @Column('integer', { default: 1 }) version: number
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3, default: () => 'now()' }) updatedAt: Date
}
