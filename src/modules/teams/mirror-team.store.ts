import { slugFrom } from '../../kernel/slug'
import type { Statement, Transaction } from '../../platform/database'

const NAME_LENGTH = 100
const SLUG_LENGTH = 48

/** Writes the team that mirrors a group of a directory: empty, on top, with the group's name and the first slug that is free. */
export async function insertMirrorTeam(
  tx: Transaction,
  organizationId: string,
  team: { id: string; name: string },
): Promise<void> {
  // Two names may make one slug; the end of a UUIDv7 is random.
  const ending = team.id.slice(-6)
  const slug = slugFrom(team.name) || 'group'
  const distinct = `${slug.slice(0, SLUG_LENGTH - ending.length - 1).replace(/-+$/, '')}-${ending}`
  for (const tried of [slug, distinct])
    if ((await tx.execute(INSERT_MIRROR_TEAM, [organizationId, team.id, nameOf(team), tried])) === 1) return
}

/** Gives a mirroring team the new name of its group; the slug stays, since people may have kept it. */
export async function renameMirrorTeam(
  tx: Transaction,
  organizationId: string,
  team: { id: string; name: string },
): Promise<void> {
  await tx.execute(RENAME_MIRROR_TEAM, [organizationId, team.id, nameOf(team)])
}

function nameOf({ name }: { name: string }): string {
  return name.slice(0, NAME_LENGTH)
}

const INSERT_MIRROR_TEAM: Statement = {
  name: 'insert-mirror-team',
  text: `
INSERT INTO teams (organization_id, id, slug, name, source, path) VALUES ($1, $2, $4, $3, 'DIRECTORY', ARRAY[$2::uuid])
ON CONFLICT ON CONSTRAINT teams_slug_key DO NOTHING`,
}

const RENAME_MIRROR_TEAM: Statement = {
  name: 'rename-mirror-team',
  text: `
UPDATE teams SET name = $3, version = version + 1, updated_at = now() WHERE organization_id = $1 AND id = $2`,
}
