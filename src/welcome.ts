import { type Config, DEVELOPMENT_OPERATOR_KEY, DEVELOPMENT_SERVICE_KEY } from './platform/config'

/** What the start found out beside the settings. */
export interface StartFacts {
  /** Where the data lives, without a password. */
  readonly database: string
  /** The database had survived the death of an earlier process. */
  readonly adopted: boolean
  /** Names of the migrations that ran now. */
  readonly migrated: readonly string[]
  /** Address of the local identity provider when it runs. */
  readonly identityProvider?: string
}

/** The text a developer sees when everything runs: what runs where, and what to open first. */
export function welcome(config: Config, facts: StartFacts): string {
  const { publicUrl } = config
  const places: [string, string][] = [
    ['Sign in', `${publicUrl}/login`],
    ['GraphiQL', `${publicUrl}/graphql`],
    ['Mail', mailPlace(config)],
    [
      'Sign-in provider',
      facts.identityProvider ? `${facts.identityProvider} (local: be anybody, also by SAML)` : 'none',
    ],
    ['Database', facts.database + databaseRemark(facts)],
    ['Operator key', operatorKeyPlace(config)],
    ['Service key', serviceKeyPlace(config)],
    ['Health', `${publicUrl}/readyz · ${publicUrl}/metrics`],
  ]
  const width = Math.max(...places.map(([name]) => name.length))
  const lines = [
    '',
    `  Gatehouse is ready: ${publicUrl}`,
    '',
    ...places.map(([name, place]) => `  ${name.padEnd(width)}  ${place}`),
    '',
    '  First time here? `npm run seed` fills it with three organizations and prints requests to copy.',
    '  Ctrl-C stops everything; the data stays.',
    ...config.warnings.map((warning) => `  ! ${warning}`),
    '',
  ]
  return `${lines.join('\n')}\n`
}

function mailPlace({ smtpUrl, publicUrl }: Config): string {
  return smtpUrl ? `by SMTP to ${new URL(smtpUrl).host}` : `${publicUrl}/dev/mailbox (nothing leaves this machine)`
}

function databaseRemark({ adopted, migrated }: StartFacts): string {
  if (adopted) return ' (was still running, adopted)'
  return migrated.length > 0 ? ` (${migrated.length} migration${migrated.length === 1 ? '' : 's'} applied)` : ''
}

function operatorKeyPlace({ operatorKeys }: Config): string {
  return operatorKeys[0] === DEVELOPMENT_OPERATOR_KEY ? DEVELOPMENT_OPERATOR_KEY : 'as in GATEHOUSE_OPERATOR_KEY'
}

function serviceKeyPlace({ serviceKeys }: Config): string {
  if (serviceKeys.length === 0) return 'none (GATEHOUSE_SERVICE_KEY)'
  return serviceKeys[0] === DEVELOPMENT_SERVICE_KEY ? DEVELOPMENT_SERVICE_KEY : 'as in GATEHOUSE_SERVICE_KEY'
}
