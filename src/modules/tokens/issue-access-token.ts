import { importJWK, SignJWT } from 'jose'
import { evaluate, SYSTEM_ROLES, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { loadWholeStanding } from '../decisions'
import { accessTokenClaims, expiryOf, type TokenFacts, type TokenIssuer } from './access-token.model'
import { SIGNING_ALGORITHM } from './signing-key.model'
import { findActiveKey, type SealedSigningKey, signingKeySealContext } from './signing-key.store'
import { findSessionFacts } from './token-facts.store'

/** An access token just signed. */
export interface IssuedAccessToken {
  readonly accessToken: string
  readonly expiresAt: Date
  readonly facts: TokenFacts
}

/**
 * Signs an access token for a session, by what its member may do at this instant.
 *
 * @returns  null when the session is over, or its member may not act
 * @throws UNAVAILABLE  nobody has made a signing key yet
 */
export async function issueAccessToken(
  context: WriteContext,
  sessionId: string,
  issuer: TokenIssuer,
  audience: string,
): Promise<IssuedAccessToken | null> {
  const [facts, key] = await Promise.all([findTokenFacts(context, sessionId), findActiveKey(context.tx)])
  if (!facts) return null
  if (!key)
    throw new AppError('UNAVAILABLE', 'The signing keys are being made; try again in a moment.', {
      retryAfterSeconds: 2,
    })
  const accessToken = await new SignJWT(accessTokenClaims(facts, issuer, audience, newId()))
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: 'at+jwt', kid: key.id })
    .sign(await privateKeyOf(context, key))
  return { accessToken, expiresAt: expiryOf(facts), facts }
}

async function findTokenFacts(context: WriteContext, sessionId: string): Promise<TokenFacts | null> {
  const { tx, organizationId } = context
  const { standing, subject, permissions } = await loadWholeStanding(tx, organizationId, {
    kind: 'SESSION',
    id: sessionId,
  })
  if (standing.barrier || !subject?.credential) return null
  const seesAllProjects = standing.organizationRole?.permissions.has('project.read') ?? false
  const { projects, ...facts } = await findSessionFacts(tx, organizationId, sessionId, seesAllProjects)
  const held = permissions.filter((permission) => evaluate(permission, standing).allowed)
  return {
    ...facts,
    organizationId,
    sessionId,
    permissions: held.map(({ key }) => key).sort(),
    projects: projects.map(({ id, isDefault, roles }) => ({ id, roles: withDefaultRole(roles, isDefault) })),
  }
}

/** Everybody has a role in the default project, without a row that says so. */
function withDefaultRole(roles: readonly string[], isDefault: boolean): readonly string[] {
  return isDefault ? [...new Set([SYSTEM_ROLES.PROJECT_MEMBER.key, ...roles])] : roles
}

// A key never changes under its id; importing it costs as much as signing does.
let imported: { id: string; key: Awaited<ReturnType<typeof importJWK>> } | null = null

async function privateKeyOf({ sealer }: WriteContext, { id, sealedPrivate }: SealedSigningKey) {
  if (imported?.id === id) return imported.key
  const jwk = JSON.parse(sealer.open(sealedPrivate, signingKeySealContext(id))) as Parameters<typeof importJWK>[0]
  const key = await importJWK(jwk, SIGNING_ALGORITHM)
  imported = { id, key }
  return key
}
