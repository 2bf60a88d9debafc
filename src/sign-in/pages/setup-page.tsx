import type { JSX } from 'preact'
import { errorsByField, Field, type FieldError, PostButton, PostForm } from './form'
import { renderPage } from './layout'
import { localPath } from './local-path'
import { Badge, Moment, Note } from './note'
import { Rows } from './rows'

/** Identity providers with a guide of their own, as the form names them. */
export const SETUP_VENDORS = [
  { key: 'OKTA', label: 'Okta' },
  { key: 'ENTRA', label: 'Microsoft Entra ID' },
  { key: 'GOOGLE', label: 'Google Workspace' },
  { key: 'JUMPCLOUD', label: 'JumpCloud' },
  { key: 'ONELOGIN', label: 'OneLogin' },
  { key: 'OTHER', label: 'Another one' },
] as const

export interface SetupPageProps {
  /** Of the page itself; its forms stand below it. */
  readonly path: string
  readonly csrfToken: string
  readonly organizationName: string
  readonly expiresAt: Date
  readonly forDirectories: boolean
  /** Null when the link is not for domains. */
  readonly domains: readonly SetupDomain[] | null
  /** Null when the link is not for connections. */
  readonly connections: readonly SetupConnection[] | null
  readonly errors?: readonly FieldError[]
  /** A test that was just begun. */
  readonly testStart?: { readonly connection: string; readonly url: string }
}

export interface SetupDomain {
  readonly id: string
  readonly name: string
  readonly isProven: boolean
  readonly lastCheckError: string | null
  readonly record: { readonly host: string; readonly value: string }
}

export interface SetupConnection {
  readonly id: string
  readonly name: string
  readonly status: 'DRAFT' | 'TESTED' | 'ACTIVE' | 'DISABLED'
  readonly values: readonly { readonly label: string; readonly value: string }[]
  /** `body` is Markdown, shown as it is. */
  readonly guide: readonly { readonly title: string; readonly body: string }[]
}

const STATUSES = {
  DRAFT: { label: 'Not tested yet', tone: 'warn' },
  TESTED: { label: 'Tested', tone: 'good' },
  ACTIVE: { label: 'In use', tone: 'good' },
  DISABLED: { label: 'Stopped', tone: 'plain' },
} as const

/** `/setup/{token}`: what somebody who is no member sets up for an organization. */
export function renderSetupPage(props: SetupPageProps): string {
  const { organizationName, expiresAt, domains, connections, forDirectories, errors = [], testStart } = props
  const about = errorsByField(errors, [
    'name',
    'domain',
    'issuer',
    'clientId',
    'clientSecret',
    'metadataUrl',
    'metadataXml',
  ])
  return renderPage({
    title: `Set up ${organizationName}`,
    width: 'wide',
    children: (
      <>
        <div class="heading">
          <h1>
            Set up <bdi>{organizationName}</bdi>
          </h1>
          <p class="quiet">
            This link works until <Moment at={expiresAt} />, as often as you open it. Whoever has it can change what is
            shown here: pass it on with care.
          </p>
        </div>
        {about.other.length > 0 && <Note tone="bad">{about.other.join(' ')}</Note>}
        {testStart && (
          <Note tone="good">
            The test of {testStart.connection} is ready:{' '}
            <a href={localPath(new URL(testStart.url).pathname + new URL(testStart.url).search)}>sign in with it now</a>
            . It makes nobody a member.
          </Note>
        )}
        {domains && <Domains {...props} domains={domains} problems={[...about.domain, ...about.name]} />}
        {connections && <Connections {...props} connections={connections} about={about} />}
        {forDirectories && (
          <section class="card" aria-labelledby="directories">
            <h2 id="directories">Directories (SCIM)</h2>
            <p>Directories are set up over the API, with the last part of the address of this page as bearer token.</p>
          </section>
        )}
      </>
    ),
  })
}

function Domains({
  path,
  csrfToken,
  domains,
  problems,
}: SetupPageProps & { domains: readonly SetupDomain[]; problems: readonly string[] }): JSX.Element {
  return (
    <section class="card" aria-labelledby="domains">
      <h2 id="domains">1. Prove your domains</h2>
      <p class="quiet">Add the TXT record at your name server, then have it looked for.</p>
      <Rows empty="No domain is claimed yet.">
        {domains.map(({ id, name, isProven, lastCheckError, record }) => (
          <li key={id}>
            <div class="what">
              <div class="title-line">
                <bdi class="name">{name}</bdi>
                <Badge tone={isProven ? 'good' : 'warn'}>{isProven ? 'Proven' : 'Not proven yet'}</Badge>
              </div>
              {!isProven && (
                <>
                  <span class="small">
                    TXT <code>{record.host}</code>
                  </span>
                  <code class="small">{record.value}</code>
                  {lastCheckError && <span class="quiet small">{lastCheckError}</span>}
                </>
              )}
            </div>
            {!isProven && (
              <PostButton
                action={`${path}/domains/${id}/check`}
                csrfToken={csrfToken}
                label="Check now"
                about={name}
                slim
              />
            )}
          </li>
        ))}
      </Rows>
      <PostForm action={`${path}/domains`} csrfToken={csrfToken} class="form">
        <Field
          label="Domain"
          name="domain"
          hint="e.g. example.com"
          errors={problems}
          control={(tied) => <input type="text" {...tied} required autocomplete="off" spellcheck={false} />}
        />
        <div class="actions">
          <button type="submit" class="button">
            Claim the domain
          </button>
        </div>
      </PostForm>
    </section>
  )
}

type About = Readonly<
  Record<'name' | 'issuer' | 'clientId' | 'clientSecret' | 'metadataUrl' | 'metadataXml', readonly string[]>
>

function Connections(props: SetupPageProps & { connections: readonly SetupConnection[]; about: About }): JSX.Element {
  const { path, csrfToken, connections, about } = props
  return (
    <section class="card" aria-labelledby="connections">
      <h2 id="connections">2. Connect your identity provider</h2>
      <Rows empty="No identity provider is connected yet.">
        {connections.map((connection) => (
          <Connection key={connection.id} {...connection} path={path} csrfToken={csrfToken} />
        ))}
      </Rows>
      <h3>Add a connection</h3>
      <PostForm action={`${path}/connections`} csrfToken={csrfToken} class="form">
        <Field
          label="Name"
          name="name"
          errors={about.name}
          control={(tied) => <input type="text" {...tied} required maxLength={100} />}
        />
        <Select label="Identity provider" name="vendor" options={SETUP_VENDORS} />
        <Select
          label="Protocol"
          name="protocol"
          options={[
            { key: 'SAML', label: 'SAML 2.0' },
            { key: 'OIDC', label: 'OpenID Connect' },
          ]}
        />
        <TextField label="Metadata URL (SAML)" name="metadataUrl" errors={about.metadataUrl} />
        <Field
          label="Or metadata XML (SAML)"
          name="metadataXml"
          errors={about.metadataXml}
          control={(tied) => <textarea rows={3} {...tied} />}
        />
        <TextField label="Issuer (OpenID Connect)" name="issuer" errors={about.issuer} />
        <TextField label="Client id (OpenID Connect)" name="clientId" errors={about.clientId} />
        <Field
          label="Client secret (OpenID Connect)"
          name="clientSecret"
          errors={about.clientSecret}
          control={(tied) => <input type="password" {...tied} autocomplete="off" />}
        />
        <div class="actions">
          <button type="submit" class="button primary">
            Add the connection
          </button>
        </div>
      </PostForm>
    </section>
  )
}

function Connection({
  path,
  csrfToken,
  id,
  name,
  status,
  values,
  guide,
}: SetupConnection & { path: string; csrfToken: string }): JSX.Element {
  return (
    <li>
      <div class="what">
        <div class="title-line">
          <bdi class="name">{name}</bdi>
          <Badge tone={STATUSES[status].tone}>{STATUSES[status].label}</Badge>
        </div>
        {values.map(({ label, value }) => (
          <span key={label} class="small">
            {label}: <code>{value}</code>
          </span>
        ))}
        <details>
          <summary>Steps at the identity provider</summary>
          <ol>
            {guide.map(({ title, body }) => (
              <li key={title}>
                <strong>{title}</strong>
                <p class="quote small">{body}</p>
              </li>
            ))}
          </ol>
        </details>
      </div>
      <PostButton action={`${path}/connections/${id}/test`} csrfToken={csrfToken} label="Test" about={name} slim />
    </li>
  )
}

function TextField(props: { label: string; name: string; errors: readonly string[] }): JSX.Element {
  return <Field {...props} control={(tied) => <input type="text" {...tied} autocomplete="off" spellcheck={false} />} />
}

function Select(props: {
  label: string
  name: string
  options: readonly { readonly key: string; readonly label: string }[]
}): JSX.Element {
  return (
    <Field
      label={props.label}
      name={props.name}
      control={(tied) => (
        <select {...tied}>
          {props.options.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      )}
    />
  )
}
