import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A slug → its organization. The primary key is what makes a slug unique; it stays until the purge. */
@Entity('organization_slugs')
export class OrganizationSlugEntity {
  @PrimaryColumn('text') slug: string
  @Column('uuid', { name: 'organization_id' }) organizationId: string
}
