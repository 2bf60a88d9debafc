import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { hashToken } from '../../src/platform/crypto'
import { joinEmbeddedPostgres } from '../../src/platform/embedded-postgres'
import { type BuiltGatehouse, buildOnce, spawnGatehouse } from '../support/built-gatehouse'
import { eventually } from '../support/eventually'
import { GraphQLClient } from '../support/graphql-client'
import { type MailServer, startMailServer } from '../support/mail-server'
import { rounds } from '../support/soak'
import { openSuperuser, type SuperuserConnection } from '../support/superuser'
import { found, type TestOrganization } from '../support/world'

const INVITE = `
  mutation ($id: ID!, $emails: [String!]!) {
    inviteMembers(organizationId: $id, input: { emails: $emails }) {
      results { email outcome }
      userErrors { code message }
    }
  }`
const INVITATIONS = 200
const PER_CALL = 5
const CALLERS = 4
const KILLS = rounds(1, 20)
/** Enough that mails are on their way, and that many calls are still to come: each kill comes a little later. */
const killMoments = Array.from({ length: KILLS }, (_, kill) => 60 + kill * PER_CALL)

describe('kill -9 of the process and of PostgreSQL in the middle of 200 invitations', () => {
  let directory: string
  let mailServer: MailServer
  let gatehouse: BuiltGatehouse
  let superuser: SuperuserConnection
  let postgresPid: number

  beforeAll(buildOnce, 120_000)
  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'gatehouse-kill-'))
    mailServer = await startMailServer()
  })
  afterEach(async () => {
    await mailServer.close()
    if (gatehouse?.process.exitCode === null && gatehouse.process.signalCode === null) await superuser.close()
    gatehouse?.process.kill('SIGTERM')
    await gatehouse?.ended()
    rmSync(directory, { recursive: true, force: true })
  })

  async function start(): Promise<void> {
    gatehouse = await spawnGatehouse({ NODE_ENV: 'test', GATEHOUSE_DATA_DIR: directory, SMTP_URL: mailServer.url })
    await gatehouse.ready()
    const postgres = await joinEmbeddedPostgres(path.join(directory, 'postgres'))
    superuser = await openSuperuser(postgres!.url('postgres', 'gatehouse'))
    postgresPid = postgres!.pid
  }

  async function kill(): Promise<void> {
    await superuser.close()
    process.kill(postgresPid, 'SIGKILL')
    gatehouse.process.kill('SIGKILL')
    await gatehouse.ended()
  }

  it.each(killMoments)(
    'after %i of them loses no acknowledged one and no mail, and leaves no call half done',
    async (killAfter) => {
      await start()
      const client = (token?: string) => new GraphQLClient(`${gatehouse.url}/graphql`, token)
      const organization = await found({ superuser, client }, 'Killed')
      const calls = Array.from({ length: INVITATIONS / PER_CALL }, (_, call) =>
        Array.from({ length: PER_CALL }, (_, n) => `person.${call}.${n}@example.com`),
      )
      const acknowledged = await inviteUntilKilled(organization, calls, killAfter)
      expect(acknowledged.length).toBeGreaterThanOrEqual(killAfter)
      expect(acknowledged.length).toBeLessThan(INVITATIONS)

      await start()
      const invitations = await superuser.rows<{ email: string; token_hash: Buffer }>(
        `SELECT email, token_hash FROM invitations WHERE status = 'PENDING'`,
      )
      const invited = new Map(invitations.map(({ email, token_hash }) => [email, token_hash]))
      expect(acknowledged.filter((email) => !invited.has(email))).toEqual([])
      for (const emails of calls) expect([0, PER_CALL]).toContain(emails.filter((email) => invited.has(email)).length)

      for (const [email, tokenHash] of invited) {
        const { mail } = await mailServer.waitFor(email, 40)
        const token = /\/invitations\/(\S+)/.exec(mail.text ?? '')?.[1]
        expect(hashToken(token ?? '')).toEqual(tokenHash)
      }
      expect(mailServer.mails.filter(({ to }) => !invited.has(to))).toEqual([])
      // A mail that had arrived when the kill came, and was not noted yet, is sent again when its lease ends.
      await eventually(
        'every delivery noted',
        async () => {
          const [row] = await superuser.rows<{ n: number }>(
            'SELECT count(*)::int AS n FROM outbox_messages WHERE delivered_at IS NULL',
          )
          return row!.n === 0 ? true : null
        },
        60,
      )
    },
    240_000,
  )

  /** Several callers work through the calls; the kill comes while all of them wait for an answer. @returns addresses answered with SENT */
  async function inviteUntilKilled(
    organization: TestOrganization,
    calls: string[][],
    killAfter: number,
  ): Promise<string[]> {
    const acknowledged: string[] = []
    const waiting = [...calls]
    const killed: Promise<void>[] = []
    const caller = async (): Promise<void> => {
      for (let emails = waiting.shift(); emails && killed.length === 0; emails = waiting.shift()) {
        const answer = await organization.admin.organization
          .send(INVITE, { id: organization.id, emails })
          .catch(() => null)
        const results: { email: string; outcome: string }[] = answer?.data?.inviteMembers?.results ?? []
        acknowledged.push(...results.filter(({ outcome }) => outcome === 'SENT').map(({ email }) => email))
        if (acknowledged.length >= killAfter && killed.length === 0) killed.push(kill())
      }
    }
    await Promise.all(Array.from({ length: CALLERS }, caller))
    await Promise.all(killed)
    return acknowledged
  }
})
