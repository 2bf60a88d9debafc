import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A role in one project given to a member or a team; says nothing about the default project's plain membership. */
@Entity('project_grants')
export class ProjectGrantEntity {
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @PrimaryColumn('uuid') id: string
  @Column('uuid', { name: 'project_id' }) projectId: string
  @Column('uuid', { name: 'member_id', nullable: true }) memberId: string | null
  @Column('uuid', { name: 'team_id', nullable: true }) teamId: string | null
  @Column('uuid', { name: 'role_id' }) roleId: string
  @Column('uuid', { name: 'granted_by_id', nullable: true }) grantedById: string | null
  @Column('text', { name: 'granted_by_name' }) grantedByName: string
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, nullable: true }) expiresAt: Date | null
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
}
