import type { JSX } from 'preact'
import { errorsByField, Field, type FieldError, PostButton, PostForm } from './form'
import { renderPage } from './layout'
import { localPath } from './local-path'
import { Badge, Moment, Note } from './note'
import { Rows } from './rows'
import { Connections, type SetupConnection } from './setup-connections'
import { ALL_FIELDS, type SetupValues } from './setup-fields'

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
  /** What was typed into the form that was refused, by the names of its fields. */
  readonly values?: SetupValues
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

/** `/setup/{token}`: what somebody who is no member sets up for an organization. */
export function renderSetupPage(props: SetupPageProps): string {
  const { organizationName, expiresAt, domains, connections, forDirectories, errors = [], testStart } = props
  const about = errorsByField(errors, ALL_FIELDS)
  return renderPage({
    title: errors.length > 0 ? `Error: set up ${organizationName}` : `Set up ${organizationName}`,
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
            <a href={localPath(new URL(testStart.url).pathname + new URL(testStart.url).search)} target="_blank">
              sign in with it now
            </a>
            , in a new window. It makes nobody a member. Reload this page afterwards.
          </Note>
        )}
        {domains && <Domains {...props} domains={domains} problems={about.domain} />}
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
  values,
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
                  <dl class="facts small">
                    <dt>TXT record</dt>
                    <dd>
                      <code>{record.host}</code>
                    </dd>
                    <dt>Value</dt>
                    <dd>
                      <code>{record.value}</code>
                    </dd>
                  </dl>
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
          control={(tied) => (
            <input type="text" {...tied} value={values?.domain} required autocomplete="off" spellcheck={false} />
          )}
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
