import type { FastifyReply } from 'fastify'
import {
  finishTest,
  personOf,
  recordTestStep,
  SSO_REFUSALS,
  type SsoPerson,
  type SsoTestFindings,
  type SsoTestStep,
  type TakenSsoAttempt,
} from '../../modules/sso'
import { rehearseSignIn, rightsOf } from '../../modules/sso-sign-in'
import type { Connection } from '../company/connection'
import type { ProvenAnswer } from '../company/proven-answer'
import { SsoRefusal } from '../company/refusal'
import { renderTestPage } from '../pages'
import type { Visit } from '../visit'

/**
 * Ends a test with what came of it. It walks the way of a sign-in up to where somebody would be let in, and lets nobody
 * in.
 */
export async function reportTest(
  visit: Visit,
  connection: Connection,
  { testRunId }: TakenSsoAttempt,
  prove: () => Promise<ProvenAnswer> | ProvenAnswer,
): Promise<FastifyReply> {
  const { organizationId } = connection
  const report = new TestReport(connection)
  try {
    report.passed('return', 'The browser came back to the sign-in that it had begun')
    const answer = await prove()
    report.proven(answer)
    await checkPerson(visit, connection, report, answer)
  } catch (error) {
    if (!(error instanceof SsoRefusal)) throw error
    report.failed(error)
  }
  for (const step of report.steps)
    await visit.runOnAccountSide(recordTestStep, { organizationId, testRunId: testRunId!, step })
  const { hasPassed: passed, findings } = report
  const counts = await visit.runOnAccountSide(finishTest, { organizationId, testRunId: testRunId!, passed, findings })
  return visit.html(report.page(counts), passed ? 200 : 400)
}

/** Steps and findings of one test, gathered on the way. */
class TestReport {
  readonly steps: SsoTestStep[] = []
  findings: SsoTestFindings = {
    received: null,
    profile: null,
    errorCode: null,
    errorMessage: null,
    howToFix: [],
  }

  constructor(private readonly connection: Connection) {}

  get hasPassed(): boolean {
    return this.findings.errorCode === null
  }

  passed(key: string, title: string, detail: string | null = null): void {
    this.steps.push({ key, title, status: 'PASSED', detail })
  }

  /** Keeps nobody who tests from passing. @param detail  what does not work yet, and what to do about it */
  warned(key: string, title: string, detail: string): void {
    this.steps.push({ key, title, status: 'WARNED', detail })
  }

  /** Signature, times, audience and correlation hold. */
  proven({ claims, certificateFingerprint }: ProvenAnswer): void {
    const isSaml = this.connection.settings.protocol === 'SAML'
    const detail = certificateFingerprint ? `Signed by the certificate ${certificateFingerprint}.` : null
    this.passed('answer', isSaml ? 'The assertion holds' : 'The ID token holds', detail)
    this.findings = { ...this.findings, received: claims }
  }

  mapped(person: SsoPerson & { subject: string }, roleName: string): void {
    const { subject, email, name } = person
    this.findings = { ...this.findings, profile: { subject, email, name: name || null, roleName } }
    this.passed('profile', 'The claims give a profile', `Subject ${subject}, address ${email}, role ${roleName}.`)
  }

  /** @param counts  whether the connection is still the one that was tested */
  page(counts: boolean): string {
    const { steps } = this
    const { errorCode, howToFix, received } = this.findings
    const failure = errorCode === null ? null : { code: errorCode, howToFix }
    return renderTestPage({ connectionName: this.connection.provider.name, steps, failure, counts, received })
  }

  failed({ code, message }: SsoRefusal): void {
    const { howToFix } = SSO_REFUSALS[code]
    this.steps.push({ key: code, title: 'The sign-in was refused', status: 'FAILED', detail: message })
    this.findings = { ...this.findings, errorCode: code, errorMessage: message, howToFix }
  }
}

async function checkPerson(
  visit: Visit,
  { organizationId, provider, settings }: Connection,
  report: TestReport,
  answer: ProvenAnswer,
): Promise<void> {
  const person = personOf({ ...provider, settings }, answer.claims, answer.subject)
  const { subject, email } = person
  if (subject === null) throw new SsoRefusal('SUBJECT_MISSING', 'The provider sent no subject that lasts.')
  if (answer.subjectFormat?.endsWith(':transient') && provider.subjectSource === null)
    throw new SsoRefusal('SUBJECT_MISSING', 'The Name ID is transient: it is another one at each sign-in.')
  if (email === null) throw new SsoRefusal('ADDRESS_MISSING', 'The provider sent no usable e-mail address.')
  if (person.groups === null && provider.groupMappings.length > 0)
    throw new SsoRefusal('GROUPS_LEFT_OUT', 'The person is in too many groups: the provider sent none of them.')
  report.mapped({ ...person, subject }, (rightsOf(provider, person.groups ?? []).role ?? provider.defaultRole).name)
  const { isProvenDomain } = await visit.runOnAccountSide(rehearseSignIn, { organizationId, email })
  if (isProvenDomain || provider.allowsOtherDomains) report.passed('domain', 'The address may come in')
  else
    report.warned(
      'domain',
      'The address may not come in yet',
      'Its domain is not proven by the organization: first sign-ins with it are refused until it is.',
    )
  if (provider.rechecksAccess && settings.protocol === 'OIDC') reportRecheck(report, answer.refreshToken !== null)
}

/** Some providers give refresh tokens for the scope `offline_access` only, and some never. */
function reportRecheck(report: TestReport, hasRefreshToken: boolean): void {
  if (hasRefreshToken) report.passed('recheck', 'Access can be asked again')
  else
    report.warned(
      'recheck',
      'Access cannot be asked again',
      'The provider gave no refresh token: add the scope offline_access, or allow refresh tokens there. Until then a loss of access is felt at the end of a session only.',
    )
}
