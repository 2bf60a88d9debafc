import pino from 'pino'
import { type App, createApp } from '../app'
import type { Seeded, SeededRecoveryCodes, SeededSsoProvider } from '../dev/seed'
import { ENTITIES } from '../entities'
import { applyMembershipPolicy } from '../modules/installation'
import { type Config, loadConfig } from '../platform/config'
import type { Database } from '../platform/database'
import { reachDatabaseServer } from '../platform/database-server'
import { openCheckedDatabase } from '../platform/open-checked-database'
import { createOutside } from '../platform/outside'
import { runCommand } from './run-command'

/**
 * Fills a development installation with three organizations, beside a running server or without one. What is there
 * stays as it is; the tokens are new each time.
 *   npm run seed                     a table for people
 *   npm run --silent seed -- --json  one JSON object for programs
 */
runCommand(async () => {
  const config = loadConfig(process.env)
  if (config.environment === 'production') throw new Error('The demonstration data is for development only.')
  const server = await reachDatabaseServer(config)
  try {
    const { database } = await openCheckedDatabase(server, { entities: ENTITIES, poolSize: 2 })
    await applyMembershipPolicy(database, config.memberships)
    const seeded = await seed(config, database)
    const isForPrograms = process.argv.includes('--json')
    process.stdout.write(
      isForPrograms ? `${JSON.stringify(handlesOf(config, seeded), null, 2)}\n` : tour(config, seeded),
    )
  } finally {
    await server.stop()
  }
})

async function seed(config: Config, database: Database) {
  const { seedDemo } = await import('../dev/seed/index.js')
  const app = await createApp(config, database, pino({ level: 'silent' }))
  const onProgress = (organization: string) => process.stderr.write(`Making ${organization}…\n`)
  try {
    const invited = await seedDemo(app.spine, { sendLetters: config.smtpUrl === undefined, onProgress })
    const company = await seedWithProvider(config, app, onProgress)
    return {
      organizations: [...invited.organizations, ...(company?.organizations ?? [])],
      people: [...invited.people, ...(company?.people ?? [])],
      apiKeys: [...invited.apiKeys, ...(company?.apiKeys ?? [])],
      ssoProviders: [...(company?.ssoProviders ?? [])],
      directory: company?.directory ?? null,
      recoveryCodes: company?.recoveryCodes ?? null,
    }
  } finally {
    await app.close()
    await database.close()
  }
}

/** The rest of the demonstration does not depend on it: what hinders it is said, and null returned. */
async function seedWithProvider(config: Config, { spine, server }: App, onProgress: (organization: string) => void) {
  const { withReservedDomains } = await import('../dev/index.js')
  const { seedCompany } = await import('../dev/seed/seed-company.js')
  const { reachCompany } = await import('../dev/seed/reach-identity-provider.js')
  try {
    const { idp, close } = await reachCompany(config.devIdpPort, config.publicUrl)
    try {
      const outside = withReservedDomains(createOutside({ allowsLoopback: true }), spine.database)
      return await seedCompany({ spine, server, publicUrl: config.publicUrl, outside, idp, onProgress })
    } finally {
      await close()
    }
  } catch (error) {
    process.stderr.write(`Without the organization that signs in by SSO: ${(error as Error).message}\n`)
    return null
  }
}

/** The handles that scripts rely on. */
function handlesOf(config: Config, seeded: object) {
  return { graphqlUrl: `${config.publicUrl}/graphql`, operatorKey: config.operatorKeys[0], ...seeded }
}

interface Demonstration extends Seeded {
  readonly ssoProviders: readonly SeededSsoProvider[]
  readonly recoveryCodes: SeededRecoveryCodes | null
}

function tour(config: Config, { organizations, people, apiKeys, ssoProviders, recoveryCodes }: Demonstration): string {
  const width = Math.max(...people.map(({ email }) => email.length))
  const sections = organizations.map(({ id, slug, adminToken }) => {
    const own = people.filter(({ organization }) => organization === slug)
    const lines = own.map(({ email, role }) => `    ${email.padEnd(width)}  ${role}`)
    const key = apiKeys.find(({ organization }) => organization === slug)?.key
    const ways = ssoProviders.filter(({ organization }) => organization === slug)
    const starts = ways.map(({ protocol, startUrl }) => `    ${protocol.padEnd(13)}  ${startUrl}\n`).join('')
    return `  ${slug}  ${id}\n    Admin's token  ${adminToken}\n    API key        ${key}\n${starts}${lines.join('\n')}\n`
  })
  const [first] = organizations
  const query = '{ viewer { user { name } activeOrganization { name } } }'
  return `
${sections.join('\n')}${recoveryCodes ? `\n${codesOf(recoveryCodes)}` : ''}
  Sign in as any of them: ${config.publicUrl}/login → Local identity provider → pick the person. Those of initech sign in
  through their company: type the address at ${config.publicUrl}/login, or begin at one of its two addresses.

  Or ask the API:
    curl -s ${config.publicUrl}/graphql -H 'content-type: application/json' \\
      -H 'authorization: Bearer ${first?.adminToken}' \\
      -d '{"query":"${query}"}'

  The operator key opens everything: ${config.operatorKeys[0]}
`
}

function codesOf({ organization, email, codes }: SeededRecoveryCodes): string {
  const lines = codes.map((code) => `    ${code}\n`).join('')
  return `  Recovery codes of ${email}, shown this once: sign in as them, open ${organization}, and use each once.\n${lines}`
}
