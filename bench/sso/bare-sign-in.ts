import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  enableNonRepudiationChecks,
} from 'openid-client'
import { Pool } from 'pg'
import { IdentityProvider, ServiceProvider, setSchemaValidator } from 'samlify'
import { ASSERTION_XSD } from '../../src/sign-in/saml/schemas/assertion.xsd'
import { PROTOCOL_XSD } from '../../src/sign-in/saml/schemas/protocol.xsd'
import { XENC_XSD } from '../../src/sign-in/saml/schemas/xenc.xsd'
import { XMLDSIG_XSD } from '../../src/sign-in/saml/schemas/xmldsig.xsd'
import { CLIENT_ID, CLIENT_SECRET } from './messages'

/*
 * Sign-in as one would write it by hand around the bare libraries: samlify validates and openid-client redeems, with
 * their own checks and a real schema validator; a row for the sign-in on its way, used up once, and a row for the
 * session. No limits, no log, no row-level security, no audit, and none of the checks that samlify leaves out.
 */

const { BARE_DATABASE_URL = '', BARE_ISSUER = '', BARE_CERTIFICATE = '' } = process.env
const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings'

async function main(): Promise<void> {
  const pool = new Pool({ connectionString: BARE_DATABASE_URL, max: 10 })
  await pool.query(TABLES)
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
DROP TABLE IF EXISTS bare_attempts, bare_sessions;
CREATE TABLE bare_attempts (id text PRIMARY KEY, nonce text, verifier text, created_at timestamptz NOT NULL DEFAULT now(), used_at timestamptz);
CREATE TABLE bare_sessions (id uuid PRIMARY KEY, token_hash bytea NOT NULL UNIQUE, subject text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())`

function samlRoutes(server: FastifyInstance, pool: Pool, origin: () => string): void {
  const idp = IdentityProvider({
    metadata: `<EntityDescriptor xmlns="${METADATA}" entityID="${BARE_ISSUER}"><IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${BARE_CERTIFICATE}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor><SingleSignOnService Binding="${BINDINGS}:HTTP-Redirect" Location="https://idp.invalid/sso"/></IDPSSODescriptor></EntityDescriptor>`,
  })
  const sp = ServiceProvider({
    metadata: `<EntityDescriptor xmlns="${METADATA}" entityID="bare"><SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService Binding="${BINDINGS}:HTTP-POST" Location="${origin()}/saml/acs" index="0"/></SPSSODescriptor></EntityDescriptor>`,
    clockDrifts: [-60_000, 60_000],
  })
  server.get('/saml/start', async (_request, reply) => {
    const { id, context } = sp.createLoginRequest(idp, 'redirect') as { id: string; context: string }
    await pool.query({ name: 'begin', text: BEGIN, values: [id, null, null] })
    const address = new URL(context)
    address.searchParams.set('RelayState', id)
    return reply.redirect(address.href, 303)
  })
  server.post('/saml/acs', async (request, reply) => {
    const body = request.body as { SAMLResponse: string; RelayState: string }
    const { extract } = (await sp.parseLoginResponse(idp, 'post', { body })) as { extract: { nameID: string } }
    await take(pool, body.RelayState)
    return open(pool, extract.nameID, reply)
  })
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
    const [state, nonce, verifier] = [random(), random(), random()]
    await pool.query({ name: 'begin', text: BEGIN, values: [state, nonce, verifier] })
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
    const { nonce, verifier } = await take(pool, state)
    const tokens = await authorizationCodeGrant(configuration, new URL(origin() + request.url), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    })
    return open(pool, tokens.claims()!.sub, reply)
  })
}

const BEGIN = 'INSERT INTO bare_attempts (id, nonce, verifier) VALUES ($1, $2, $3)'
const TAKE = 'UPDATE bare_attempts SET used_at = now() WHERE id = $1 AND used_at IS NULL RETURNING nonce, verifier'
const OPEN = 'INSERT INTO bare_sessions (id, token_hash, subject) VALUES ($1, $2, $3)'

async function take(pool: Pool, id: string): Promise<{ nonce: string; verifier: string }> {
  const { rows } = await pool.query<{ nonce: string; verifier: string }>({ name: 'take', text: TAKE, values: [id] })
  if (!rows[0]) throw new Error('This sign-in is over')
  return rows[0]
}

async function open(pool: Pool, subject: string, reply: FastifyReply): Promise<FastifyReply> {
  const token = random()
  const values = [randomUUID(), createHash('sha256').update(token).digest(), subject]
  await pool.query({ name: 'open', text: OPEN, values })
  return reply.setCookie('bare_session', token, { path: '/', httpOnly: true }).redirect('/', 303)
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
