import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  enableNonRepudiationChecks,
} from 'openid-client'
import { Pool, type PoolClient } from 'pg'
import { IdentityProvider, ServiceProvider, setSchemaValidator } from 'samlify'
import { ASSERTION_XSD } from '../../src/sign-in/saml/schemas/assertion.xsd'
import { PROTOCOL_XSD } from '../../src/sign-in/saml/schemas/protocol.xsd'
import { XENC_XSD } from '../../src/sign-in/saml/schemas/xenc.xsd'
import { XMLDSIG_XSD } from '../../src/sign-in/saml/schemas/xmldsig.xsd'
import { addressOf, CLIENT_ID, CLIENT_SECRET, EMPLOYEES, subjectOf } from './messages'

/*
 * Sign-in as one would write it by hand around the bare libraries, for the same work: samlify validates and openid-client
 * redeems, with their own checks and a real schema validator. The connection is read from the database at each request; a
 * sign-in on its way is a row, bound to the browser by a cookie and used up once; an assertion counts once; the employee is
 * found by connection and subject, must be joined, and gets a session and an audit row in one transaction. What it does not
 * do: limits, log, metrics, row-level security, sealing, group mappings, just-in-time members, and the checks that samlify
 * leaves out.
 */

const { BARE_DATABASE_URL = '', BARE_ISSUER = '', BARE_CERTIFICATE = '' } = process.env
const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings'

async function main(): Promise<void> {
  const pool = new Pool({ connectionString: BARE_DATABASE_URL, max: 10 })
  await fill(pool)
  const server = fastify()
  await server.register(cookie)
  await server.register(formbody)
  let origin = ''
  const originOf = (): string => origin
  setSchemaValidator({ validate: await schemaValidator() })
  samlRoutes(server, pool, originOf)
  oidcRoutes(server, pool, originOf)
  await server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.server.address() as AddressInfo
  origin = `http://localhost:${port}`
  process.once('disconnect', () => process.exit(0))
  process.send?.({ port })
}

const TABLES = `
DROP TABLE IF EXISTS bare_connections, bare_attempts, bare_members, bare_identities, bare_assertions, bare_sessions, bare_audits;
CREATE TABLE bare_connections (id text PRIMARY KEY, issuer text NOT NULL, certificate text, is_active boolean NOT NULL);
CREATE TABLE bare_attempts (id text PRIMARY KEY, connection_id text NOT NULL, browser_hash bytea NOT NULL, nonce text, verifier text,
  created_at timestamptz NOT NULL DEFAULT now(), used_at timestamptz);
CREATE TABLE bare_members (id integer PRIMARY KEY, status text NOT NULL, name text NOT NULL, email text NOT NULL UNIQUE);
CREATE TABLE bare_identities (connection_id text NOT NULL, subject text NOT NULL, member_id integer NOT NULL REFERENCES bare_members,
  used_at timestamptz, PRIMARY KEY (connection_id, subject));
CREATE TABLE bare_assertions (connection_id text NOT NULL, id text NOT NULL, expires_at timestamptz NOT NULL, PRIMARY KEY (connection_id, id));
CREATE TABLE bare_sessions (id uuid PRIMARY KEY, token_hash bytea NOT NULL UNIQUE, member_id integer NOT NULL REFERENCES bare_members,
  ip text, user_agent text, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE bare_audits (id uuid PRIMARY KEY, action text NOT NULL, details jsonb NOT NULL, created_at timestamptz NOT NULL DEFAULT now());`

async function fill(pool: Pool): Promise<void> {
  await pool.query(TABLES)
  const people = Array.from({ length: EMPLOYEES }, (_, id) => ({ id, subject: subjectOf(id), email: addressOf(id) }))
  for (const protocol of ['saml', 'oidc'])
    await pool.query('INSERT INTO bare_connections VALUES ($1, $2, $3, true)', [
      protocol,
      BARE_ISSUER,
      BARE_CERTIFICATE,
    ])
  await pool.query(
    `INSERT INTO bare_members SELECT id, 'JOINED', subject, email FROM jsonb_to_recordset($1) AS p(id integer, subject text, email text)`,
    [JSON.stringify(people)],
  )
  await pool.query(
    `INSERT INTO bare_identities SELECT c.id, p.subject, p.id FROM bare_connections c, jsonb_to_recordset($1) AS p(id integer, subject text)`,
    [JSON.stringify(people)],
  )
}

function samlRoutes(server: FastifyInstance, pool: Pool, origin: () => string): void {
  const idp = IdentityProvider({
    metadata: `<EntityDescriptor xmlns="${METADATA}" entityID="${BARE_ISSUER}"><IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${BARE_CERTIFICATE}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor><SingleSignOnService Binding="${BINDINGS}:HTTP-Redirect" Location="https://idp.invalid/sso"/></IDPSSODescriptor></EntityDescriptor>`,
  })
  const sp = ServiceProvider({
    metadata: `<EntityDescriptor xmlns="${METADATA}" entityID="bare"><SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService Binding="${BINDINGS}:HTTP-POST" Location="${origin()}/saml/acs" index="0"/></SPSSODescriptor></EntityDescriptor>`,
    clockDrifts: [-60_000, 60_000],
  })
  server.get('/saml/start', async (_request, reply) => {
    const connection = await read(pool, 'saml')
    const { id, context } = sp.createLoginRequest(idp, 'redirect') as { id: string; context: string }
    await begin(pool, reply, { id, connection: connection.id, nonce: null, verifier: null })
    const address = new URL(context)
    address.searchParams.set('RelayState', id)
    return reply.redirect(address.href, 303)
  })
  server.post('/saml/acs', async (request, reply) => {
    const body = request.body as { SAMLResponse: string; RelayState: string }
    const connection = await read(pool, 'saml')
    const { extract } = (await sp.parseLoginResponse(idp, 'post', { body })) as unknown as { extract: Extract }
    await take(pool, body.RelayState, connection.id, request)
    const assertion = { id: extract.response.id, expiresAt: extract.conditions.notOnOrAfter }
    return open(pool, { connection: connection.id, subject: extract.nameID, assertion }, request, reply)
  })
}

/** What samlify gives of a response. */
interface Extract {
  readonly nameID: string
  readonly response: { readonly id: string }
  readonly conditions: { readonly notOnOrAfter: string }
}

function oidcRoutes(server: FastifyInstance, pool: Pool, origin: () => string): void {
  const configuration = new Configuration(
    {
      issuer: BARE_ISSUER,
      authorization_endpoint: 'https://idp.invalid/authorize',
      token_endpoint: `${BARE_ISSUER}/token`,
      jwks_uri: `${BARE_ISSUER}/keys`,
    },
    CLIENT_ID,
    undefined,
    ClientSecretPost(CLIENT_SECRET),
  )
  allowInsecureRequests(configuration)
  enableNonRepudiationChecks(configuration)
  server.get('/oidc/start', async (_request, reply) => {
    const connection = await read(pool, 'oidc')
    const [state, nonce, verifier] = [random(), random(), random()]
    await begin(pool, reply, { id: state, connection: connection.id, nonce, verifier })
    const address = buildAuthorizationUrl(configuration, {
      redirect_uri: `${origin()}/oidc/callback`,
      scope: 'openid email profile',
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    return reply.redirect(address.href, 303)
  })
  server.get('/oidc/callback', async (request, reply) => {
    const { state } = request.query as { state: string }
    const connection = await read(pool, 'oidc')
    const { nonce, verifier } = await take(pool, state, connection.id, request)
    const tokens = await authorizationCodeGrant(configuration, new URL(origin() + request.url), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    })
    return open(pool, { connection: connection.id, subject: tokens.claims()!.sub, assertion: null }, request, reply)
  })
}

const READ = 'SELECT id, issuer, certificate FROM bare_connections WHERE id = $1 AND is_active'
const BEGIN = 'INSERT INTO bare_attempts (id, connection_id, browser_hash, nonce, verifier) VALUES ($1, $2, $3, $4, $5)'
const TAKE = `UPDATE bare_attempts SET used_at = now()
WHERE id = $1 AND connection_id = $2 AND browser_hash = $3 AND used_at IS NULL AND created_at > now() - interval '10 minutes'
RETURNING nonce, verifier`
const USE = 'INSERT INTO bare_assertions VALUES ($1, $2, $3) ON CONFLICT DO NOTHING'
const FIND = `SELECT m.id, m.name FROM bare_identities i JOIN bare_members m ON m.id = i.member_id
WHERE i.connection_id = $1 AND i.subject = $2 AND m.status = 'JOINED' FOR UPDATE OF i`
const MARK = 'UPDATE bare_identities SET used_at = now() WHERE connection_id = $1 AND subject = $2'
const OPEN = 'INSERT INTO bare_sessions (id, token_hash, member_id, ip, user_agent) VALUES ($1, $2, $3, $4, $5)'
const AUDIT = 'INSERT INTO bare_audits (id, action, details) VALUES ($1, $2, $3)'
const BROWSER = 'bare_browser'

async function read(pool: Pool, id: string): Promise<{ id: string }> {
  const { rows } = await pool.query<{ id: string }>({ name: 'read', text: READ, values: [id] })
  if (!rows[0]) throw new Error('This connection is not in use')
  return rows[0]
}

async function begin(
  pool: Pool,
  reply: FastifyReply,
  {
    id,
    connection,
    nonce,
    verifier,
  }: { id: string; connection: string; nonce: string | null; verifier: string | null },
): Promise<void> {
  const secret = random()
  await pool.query({ name: 'begin', text: BEGIN, values: [id, connection, hash(secret), nonce, verifier] })
  void reply.setCookie(BROWSER, secret, { path: '/', httpOnly: true, sameSite: 'none' })
}

async function take(
  pool: Pool,
  id: string,
  connection: string,
  { cookies }: FastifyRequest,
): Promise<{ nonce: string; verifier: string }> {
  const values = [id, connection, hash(cookies[BROWSER] ?? '')]
  const { rows } = await pool.query<{ nonce: string; verifier: string }>({ name: 'take', text: TAKE, values })
  if (!rows[0]) throw new Error('This sign-in is over')
  return rows[0]
}

/** Finds the employee and opens the session, in one transaction. */
async function open(
  pool: Pool,
  proven: { connection: string; subject: string; assertion: { id: string; expiresAt: string } | null },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const token = random()
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const member = await admit(client, proven)
    const agent = request.headers['user-agent'] ?? null
    const session = [randomUUID(), hash(token), member.id, request.ip, agent]
    await client.query({ name: 'open', text: OPEN, values: session })
    const audit = [randomUUID(), 'session.opened', { member, ip: request.ip, agent }]
    await client.query({ name: 'audit', text: AUDIT, values: audit })
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
  return reply.setCookie('bare_session', token, { path: '/', httpOnly: true }).redirect('/', 303)
}

async function admit(
  client: PoolClient,
  { connection, subject, assertion }: Parameters<typeof open>[1],
): Promise<{ id: number; name: string }> {
  if (assertion) {
    const values = [connection, assertion.id, assertion.expiresAt]
    const { rowCount } = await client.query({ name: 'use', text: USE, values })
    if (rowCount !== 1) throw new Error('This answer was used before')
  }
  const values = [connection, subject]
  const { rows } = await client.query<{ id: number; name: string }>({ name: 'find', text: FIND, values })
  if (!rows[0]) throw new Error('Nobody here')
  await client.query({ name: 'mark', text: MARK, values })
  return rows[0]
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function random(): string {
  return randomBytes(32).toString('base64url')
}

/** libxml2 in this process: samlify wants a validator and brings none. */
async function schemaValidator(): Promise<(xml: string) => Promise<string>> {
  const library = await import('libxml2-wasm')
  const files = {
    'saml-schema-assertion-2.0.xsd': ASSERTION_XSD,
    'xmldsig-core-schema.xsd': XMLDSIG_XSD,
    'xenc-schema.xsd': XENC_XSD,
  }
  const buffers = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))
  library.xmlRegisterInputProvider(new library.XmlBufferInputProvider(buffers))
  const schema = library.XmlDocument.fromString(PROTOCOL_XSD, { url: 'saml-schema-protocol-2.0.xsd' })
  const validator = library.XsdValidator.fromDoc(schema)
  return async (xml) => {
    const document = library.XmlDocument.fromString(xml)
    try {
      validator.validate(document)
    } finally {
      document.dispose()
    }
    return 'valid'
  }
}

void main()
