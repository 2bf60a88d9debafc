import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { fromTypeId } from '../../src/kernel/ids'
import { ssoAddresses } from '../../src/modules/sso'
import { type Child, messageFrom, OTHER_CORE, SERVER_CORE, startChild } from '../child'
import { type BenchDatabase, withClient } from '../cluster'
import { type Spread, spreadOf } from '../duel'
import { startProduct } from '../product'
import type { DriverMessage, DriverOrder, Target } from './messages'
import { prepareCompany } from './prepare'

/** One protocol, in both contestants. */
export interface SignInDuel {
  readonly protocol: Target['protocol']
  /** CPU per sign-in of the product ÷ that of the bare library in its handler, both loaded at once. */
  readonly cpu: Spread
  readonly product: MeasuredSignIns
  readonly bare: MeasuredSignIns
}

/** Medians over the rounds. */
export interface MeasuredSignIns {
  readonly perSecond: number
  readonly cpuMicroseconds: number
  readonly p50: number
  readonly p99: number
}

/** How long it is measured. */
export interface SignInLength {
  readonly warmUpMilliseconds: number
  readonly roundMilliseconds: number
  readonly rounds: number
}

const LANES = 8
const FIRST_MILLISECONDS = 2_000
const MOST_TRIES = 5
type SignInRun = Extract<DriverMessage, { kind: 'result' }>
type Round = SignInRun & { cpuMicroseconds: number }

/** A server with browsers and an identity provider of its own. */
class SignInContestant {
  constructor(
    readonly server: Child,
    readonly driver: Child,
    readonly targets: Readonly<Record<Target['protocol'], Target>>,
  ) {}

  /** One person after the other, until whatever is loaded at the first sign-in is there. */
  async begin(protocol: Target['protocol']): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1)
      if ((await this.#drive(protocol, FIRST_MILLISECONDS, 1)).firstFailure === null) return
  }

  /** @throws Error  when a single sign-in failed */
  async run(protocol: Target['protocol'], milliseconds: number): Promise<Round> {
    const before = this.server.cpuNanoseconds()
    const result = await this.#drive(protocol, milliseconds, LANES)
    if (result.firstFailure !== null) throw new Error(`A sign-in by ${protocol} failed: ${result.firstFailure}`)
    return { ...result, cpuMicroseconds: (this.server.cpuNanoseconds() - before) / 1000 / result.signIns }
  }

  async #drive(protocol: Target['protocol'], milliseconds: number, lanes: number): Promise<SignInRun> {
    const answered = messageFrom<DriverMessage>(this.driver)
    const order: DriverOrder = { target: this.targets[protocol], milliseconds, lanes }
    this.driver.process.send(order)
    return (await answered) as SignInRun
  }

  async stop(): Promise<void> {
    await this.driver.stop()
    await this.server.stop()
  }
}

/** Whole sign-ins, from the first request to the session, by both protocols: the product beside the bare libraries. */
export async function duelSignIns(
  database: BenchDatabase,
  length: SignInLength,
  onRound: (what: string) => void,
): Promise<SignInDuel[]> {
  const contestants = [await productContestant(database), await bareContestant(database)] as const
  const [product, bare] = contestants
  try {
    const duels: SignInDuel[] = []
    for (const protocol of ['saml', 'oidc'] as const) {
      const both = (milliseconds: number) =>
        Promise.all([product.run(protocol, milliseconds), bare.run(protocol, milliseconds)])
      onRound(protocol)
      for (const contestant of contestants) await contestant.begin(protocol)
      await both(length.warmUpMilliseconds)
      const rounds: [Round, Round][] = []
      for (let round = 0; round < length.rounds; round += 1) {
        onRound(protocol)
        rounds.push(await both(length.roundMilliseconds))
      }
      duels.push({
        protocol,
        cpu: spreadOf(rounds.map(([ours, theirs]) => ours.cpuMicroseconds / theirs.cpuMicroseconds)),
        product: measured(rounds.map(([ours]) => ours)),
        bare: measured(rounds.map(([, theirs]) => theirs)),
      })
    }
    return duels
  } finally {
    for (const contestant of contestants) await contestant.stop()
  }
}

function measured(rounds: Round[]): MeasuredSignIns {
  const middle = (of: (round: Round) => number): number => spreadOf(rounds.map(of)).median
  return {
    perSecond: middle(({ signIns, seconds }) => signIns / seconds),
    cpuMicroseconds: middle(({ cpuMicroseconds }) => cpuMicroseconds),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
  }
}

/** Not in production, where no identity provider may be on loopback; the log is that of production. */
async function productContestant(database: BenchDatabase): Promise<SignInContestant> {
  const { driver, issuer, certificate } = await startDriver()
  const masterKey = randomBytes(32)
  const company = await withClient(database.superuserUrl, (client) =>
    prepareCompany(client, masterKey, { issuer, certificate }),
  )
  const { server, port } = await startProduct(database, 'sso', {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    GATEHOUSE_TRUSTED_PROXIES: 'loopback',
    GATEHOUSE_MASTER_KEY: masterKey.toString('base64'),
  })
  const targetOf = (protocol: Target['protocol']): Target => {
    const id = company[protocol]
    const { spEntityId, acsUrl, redirectUri } = ssoAddresses(`http://localhost:${port}`, fromTypeId('SsoProvider', id)!)
    const answerPath = new URL(protocol === 'saml' ? acsUrl : redirectUri).pathname
    return { protocol, port, startPath: `/sso/${id}/start`, answerPath, spEntityId, acsUrl }
  }
  return new SignInContestant(server, driver, { saml: targetOf('saml'), oidc: targetOf('oidc') })
}

async function bareContestant(database: BenchDatabase): Promise<SignInContestant> {
  const { driver, issuer, certificate } = await startDriver()
  const server = startChild(path.join(__dirname, 'bare-sign-in.js'), SERVER_CORE, {
    BARE_DATABASE_URL: database.superuserUrl,
    BARE_ISSUER: issuer,
    BARE_CERTIFICATE: certificate,
  })
  const { port } = await messageFrom<{ port: number }>(server)
  const acsUrl = `http://localhost:${port}/saml/acs`
  const common = { port, spEntityId: 'bare', acsUrl }
  return new SignInContestant(server, driver, {
    saml: { ...common, protocol: 'saml', startPath: '/saml/start', answerPath: '/saml/acs' },
    oidc: { ...common, protocol: 'oidc', startPath: '/oidc/start', answerPath: '/oidc/callback' },
  })
}

async function startDriver(): Promise<{ driver: Child; issuer: string; certificate: string }> {
  const driver = startChild(path.join(__dirname, 'driver.js'), OTHER_CORE)
  const { issuer, certificate } = (await messageFrom<DriverMessage>(driver)) as Extract<
    DriverMessage,
    { kind: 'ready' }
  >
  return { driver, issuer, certificate }
}
