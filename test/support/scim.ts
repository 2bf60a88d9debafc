import { newId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import { type ArrangedDirectory, arrangeDirectory, type DirectoryOptions } from './directories'
import type { Gatehouse as WholeGatehouse } from './gatehouse'
import { enterSsoMode } from './sso'
import { found, type TestOrganization } from './world'

/** What arranging needs: also a process of its own will do. */
type Gatehouse = Pick<WholeGatehouse, 'superuser' | 'client' | 'url'>

/** A directory of an organization in SSO mode, and a client that holds its token. */
export interface TestDirectory extends ArrangedDirectory {
  readonly scim: ScimClient
}

/** Arranges a directory, in an organization of its own unless one is given. */
export async function pushTo(
  gatehouse: Gatehouse,
  options: DirectoryOptions = {},
  organization?: TestOrganization,
): Promise<TestDirectory> {
  const owner = organization ?? (await found(gatehouse, 'Pushed'))
  await enterSsoMode(gatehouse, owner)
  const directory = await arrangeDirectory(gatehouse, owner, options)
  return { ...directory, scim: new ScimClient(`${gatehouse.url}/scim/v2/${directory.id}`, directory.token) }
}

/** A further token of a directory. @param lifetime  an interval; may have passed */
export async function arrangeToken(
  { superuser }: Gatehouse,
  organization: TestOrganization,
  directoryUuid: string,
  { place = 1, lifetime = '1 year' }: { place?: 1 | 2; lifetime?: string } = {},
): Promise<string> {
  const { token, hash } = makeToken('scim', organization.uuid)
  await superuser.rows(
    `INSERT INTO scim_tokens (organization_id, id, directory_id, token_hash, preview, place, created_by_name, expires_at)
     VALUES ($1, $2, $3, $4, 'scim_…', $5, 'Test', now() + $6::interval)`,
    [organization.uuid, newId(), directoryUuid, hash, place, lifetime],
  )
  return token
}

/** What came back; `body` is undefined when there was none. */
export interface ScimAnswer {
  readonly status: number
  readonly headers: Headers
  // eslint-disable-next-line typescript/no-explicit-any -- tests read exactly what they asked for
  readonly body: any
}

/** Speaks SCIM as a client does. */
export class ScimClient {
  constructor(
    readonly base: string,
    readonly token: string | null,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<ScimAnswer> {
    return this.send('GET', path, undefined, headers)
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<ScimAnswer> {
    return this.send('POST', path, body, headers)
  }

  put(path: string, body: unknown, headers: Record<string, string> = {}): Promise<ScimAnswer> {
    return this.send('PUT', path, body, headers)
  }

  /** @param operations  of a PatchOp */
  patch(path: string, operations: readonly unknown[], headers: Record<string, string> = {}): Promise<ScimAnswer> {
    const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations }
    return this.send('PATCH', path, body, headers)
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<ScimAnswer> {
    return this.send('DELETE', path, undefined, headers)
  }

  /** @param body  text is sent as it is */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ScimAnswer> {
    const response = await fetch(this.base + path, {
      method,
      headers: {
        ...(this.token !== null && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
}

let people = 0

/** The body of a POST of a person nobody has pushed yet. */
export function newUser(more: Record<string, unknown> = {}): Record<string, unknown> & { userName: string } {
  people += 1
  const userName = `person.${people}.${Date.now()}@pushed.example`
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName,
    name: { givenName: 'Pushed', familyName: `Person ${people}` },
    emails: [{ value: userName, type: 'work', primary: true }],
    active: true,
    ...more,
  }
}

/** The body of a POST of a group nobody has pushed yet. */
export function newGroup(more: Record<string, unknown> = {}): Record<string, unknown> & { displayName: string } {
  people += 1
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: `Group ${people} ${Date.now()}`,
    ...more,
  }
}
