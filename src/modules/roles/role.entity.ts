import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A named set of permissions of one organization. What the built-in ones allow stands in access/permissions.ts. */
@Entity('roles')
export class RoleEntity {
  @PrimaryColumn('uuid', { name: 'organization_id' }) organizationId: string
  @PrimaryColumn('uuid') id: string
  @Column('text') scope: 'ORGANIZATION' | 'PROJECT'
  @Column('text') key: string
  @Column('text') name: string
  @Column('text', { nullable: true }) description: string | null
  @Column('boolean', { name: 'is_system', default: false }) isSystem: boolean
  @Column('text', { array: true, default: () => "'{}'" }) permissions: string[]
  @Column('integer', { default: 1 }) version: number
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' }) createdAt: Date
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3, default: () => 'now()' }) updatedAt: Date
}
