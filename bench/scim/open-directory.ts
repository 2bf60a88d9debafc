import type { Client } from 'pg'
import { newId, toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import type { Child } from '../child'
import { type BenchDatabase, withClient } from '../cluster'
import { startProduct } from '../product'
import { backgroundOf } from './background'
import type { ScimTarget } from './client'
import type { Background } from './pusher'

/** The product, serving the one directory of a seeded database. */
export interface OpenDirectory {
  readonly server: Child
  readonly target: ScimTarget
  readonly background: Background
}

/** Starts the product on a database filled by `directorySeed`, with a token for its directory. */
export async function openDirectory(database: BenchDatabase): Promise<OpenDirectory> {
  const { server, port } = await startProduct(database, 'scim')
  const { directoryId, token } = await withClient(database.superuserUrl, makeScimToken)
  const baseUrl = `http://127.0.0.1:${port}/scim/v2/${toTypeId('Directory', directoryId)}`
  return { server, target: { baseUrl, token }, background: await backgroundOf(database) }
}

async function makeScimToken(client: Client): Promise<{ directoryId: string; token: string }> {
  const { rows } = await client.query<{ organization_id: string; id: string }>(
    'SELECT organization_id, id FROM directories',
  )
  const { organization_id: organizationId, id: directoryId } = rows[0]!
  const { token, hash } = makeToken('scim', organizationId)
  await client.query('DELETE FROM scim_tokens')
  await client.query(
    `INSERT INTO scim_tokens (organization_id, id, directory_id, token_hash, preview, place, created_by_name, expires_at)
     VALUES ($1, $2, $3, $4, 'scim_…', 1, 'Ada', now() + interval '1 day')`,
    [organizationId, newId(), directoryId, hash],
  )
  return { directoryId, token }
}
