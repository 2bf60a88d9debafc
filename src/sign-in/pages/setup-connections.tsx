import type { JSX } from 'preact'
import { Field, PostButton, PostForm } from './form'
import { InlineMarkdown } from './inline-markdown'
import { Badge } from './note'
import { Rows } from './rows'
import type { SetupValues } from './setup-fields'

/** Identity providers with a guide of their own, as the form names them. */
export const SETUP_VENDORS = [
  { key: 'OKTA', label: 'Okta' },
  { key: 'ENTRA', label: 'Microsoft Entra ID' },
  { key: 'GOOGLE', label: 'Google Workspace' },
  { key: 'JUMPCLOUD', label: 'JumpCloud' },
  { key: 'ONELOGIN', label: 'OneLogin' },
  { key: 'OTHER', label: 'Another one' },
] as const

const PROTOCOLS = [
  { key: 'SAML', label: 'SAML 2.0' },
  { key: 'OIDC', label: 'OpenID Connect' },
] as const

const STATUSES = {
  DRAFT: { label: 'Not tested yet', tone: 'warn' },
  TESTED: { label: 'Tested', tone: 'good' },
  ACTIVE: { label: 'In use', tone: 'good' },
  DISABLED: { label: 'Stopped', tone: 'plain' },
} as const

export interface SetupConnection {
  readonly id: string
  readonly name: string
  readonly status: keyof typeof STATUSES
  /** When it can be put to use; null when it is, or has to be tested first. */
  readonly usable: 'NOW' | 'AFTER_SWITCH' | null
  readonly values: readonly { readonly label: string; readonly value: string }[]
  /** `body` is Markdown. */
  readonly guide: readonly { readonly title: string; readonly body: string }[]
}

type About = Readonly<Record<keyof SetupValues, readonly string[]>>

interface ConnectionsProps {
  /** Of the page. */
  readonly path: string
  readonly csrfToken: string
  readonly values?: SetupValues
  readonly connections: readonly SetupConnection[]
  readonly about: About
}

/** The connections that there are, and a form for one more. */
export function Connections(props: ConnectionsProps): JSX.Element {
  const { path, csrfToken, connections } = props
  return (
    <section class="card" aria-labelledby="connections">
      <h2 id="connections">2. Connect your identity provider</h2>
      <Rows empty="No identity provider is connected yet.">
        {connections.map((connection) => (
          <Connection key={connection.id} {...connection} path={path} csrfToken={csrfToken} />
        ))}
      </Rows>
      <h3>Add a connection</h3>
      <NewConnection {...props} />
    </section>
  )
}

function NewConnection({ path, csrfToken, about, values = {} }: ConnectionsProps): JSX.Element {
  const field = (name: keyof SetupValues) => ({ name, errors: about[name], value: values[name] })
  return (
    <PostForm action={`${path}/connections`} csrfToken={csrfToken} class="form">
      <Field
        label="Name"
        {...field('name')}
        hint="As employees know it: they choose by it where there are several."
        control={(tied) => <input type="text" {...tied} value={values.name} required maxLength={100} />}
      />
      <Select label="Identity provider" {...field('vendor')} options={SETUP_VENDORS} />
      <Select label="Protocol" {...field('protocol')} options={PROTOCOLS} />
      <TextField label="Metadata URL (SAML)" {...field('metadataUrl')} />
      <Field
        label="Or metadata XML (SAML)"
        {...field('metadataXml')}
        control={(tied) => <textarea rows={3} {...tied} value={values.metadataXml} />}
      />
      <TextField label="Issuer (OpenID Connect)" {...field('issuer')} />
      <TextField label="Client id (OpenID Connect)" {...field('clientId')} />
      <Field
        label="Client secret (OpenID Connect)"
        {...field('clientSecret')}
        control={(tied) => <input type="password" {...tied} autocomplete="off" />}
      />
      <div class="actions">
        <button type="submit" class="button primary">
          Add the connection
        </button>
      </div>
    </PostForm>
  )
}

interface ConnectionProps extends SetupConnection {
  readonly path: string
  readonly csrfToken: string
}

function Connection({ path, csrfToken, id, name, status, usable, values, guide }: ConnectionProps): JSX.Element {
  const form = { csrfToken, about: name, slim: true }
  return (
    <li>
      <div class="what roomy">
        <div class="title-line">
          <bdi class="name">{name}</bdi>
          <Badge tone={STATUSES[status].tone}>{STATUSES[status].label}</Badge>
        </div>
        <dl class="facts small">
          {values.flatMap(({ label, value }) => [
            <dt key={label}>{label}</dt>,
            <dd key={value}>
              <code>{value}</code>
            </dd>,
          ])}
        </dl>
        <Guide steps={guide} />
        <div class="actions">
          <PostButton {...form} action={`${path}/connections/${id}/test`} label="Test" />
          {usable === 'NOW' && (
            <PostButton {...form} action={`${path}/connections/${id}/activate`} label="Activate" look="primary" />
          )}
        </div>
        {usable === 'AFTER_SWITCH' && (
          <p class="quiet small">
            It is put to use when the organization changes to members who sign in through their company.
          </p>
        )}
      </div>
    </li>
  )
}

function Guide({ steps }: { steps: SetupConnection['guide'] }): JSX.Element {
  return (
    <details>
      <summary>Steps at the identity provider</summary>
      <ol class="steps">
        {steps.map(({ title, body }) => (
          <li key={title}>
            <strong>{title}</strong>
            <p>
              <InlineMarkdown text={body} />
            </p>
          </li>
        ))}
      </ol>
    </details>
  )
}

interface ControlProps {
  readonly label: string
  readonly name: string
  readonly errors: readonly string[]
  readonly value: string | undefined
}

function TextField({ value, ...props }: ControlProps): JSX.Element {
  return (
    <Field
      {...props}
      control={(tied) => <input type="text" {...tied} value={value} autocomplete="off" spellcheck={false} />}
    />
  )
}

function Select({
  options,
  value,
  ...props
}: ControlProps & { options: readonly { readonly key: string; readonly label: string }[] }): JSX.Element {
  return (
    <Field
      {...props}
      control={(tied) => (
        <select {...tied} value={value}>
          {options.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      )}
    />
  )
}
