import type { JSX } from 'preact'
import { errorsByField, Field, type FieldError, PostButton, PostForm } from './form'
import { AddressesField, type InviteOutcome, InviteOutcomes } from './invite-form'
import { renderPage } from './layout'
import { Note } from './note'

/** The form as typed; the names are those of the posted fields. */
export interface NewOrganizationValues {
  readonly name: string
  readonly slug: string
  readonly billingEmail: string
  readonly addresses: string
}

export interface NewOrganizationPageProps {
  readonly signedInAs: string
  readonly csrfToken: string
  readonly values: NewOrganizationValues
  /** What a slug may look like, in words. */
  readonly slugRule: string
  /** A path that names no field of the form is shown above it. */
  readonly errors: readonly FieldError[]
}

/** `/organizations/new`: the form, again with the typed values after a refusal. */
export function renderNewOrganizationPage(props: NewOrganizationPageProps): string {
  const { errors, signedInAs, csrfToken } = props
  return renderPage({
    title: errors.length > 0 ? 'Error: create an organization' : 'Create an organization',
    signedInAs,
    children: (
      <section class="card">
        <div class="heading">
          <h1>Create an organization</h1>
          <p class="quiet">You become its first Admin. Everything can be changed later.</p>
        </div>
        <PostForm action="/organizations/new" csrfToken={csrfToken} class="form">
          <OrganizationFields {...props} />
          <div class="actions">
            <button type="submit" class="button primary">
              Create
            </button>
            <a href="/">Cancel</a>
          </div>
        </PostForm>
      </section>
    ),
  })
}

function OrganizationFields({ values, errors, slugRule }: NewOrganizationPageProps): JSX.Element {
  const about = errorsByField(errors, ['name', 'slug', 'billingEmail', 'addresses'])
  return (
    <>
      {errors.length > 0 && (
        <Note tone="bad">{about.other.join(' ') || 'Nothing was created yet. Please correct the marked fields.'}</Note>
      )}
      <Field
        label="Name"
        name="name"
        errors={about.name}
        control={(tied) => <input {...tied} type="text" value={values.name} autocomplete="organization" required />}
      />
      <Field
        label="Slug (optional)"
        name="slug"
        hint={`Short name in addresses: ${slugRule}. Made from the name when empty.`}
        errors={about.slug}
        control={(tied) => (
          <input {...tied} type="text" value={values.slug} autocomplete="off" autocapitalize="off" spellcheck={false} />
        )}
      />
      <Field
        label="Billing e-mail"
        name="billingEmail"
        errors={about.billingEmail}
        control={(tied) => (
          <input {...tied} type="email" value={values.billingEmail} autocomplete="email" required maxLength={254} />
        )}
      />
      <AddressesField value={values.addresses} errors={about.addresses} />
    </>
  )
}

export interface OrganizationCreatedPageProps {
  readonly signedInAs: string
  readonly csrfToken: string
  readonly organizationName: string
  readonly slug: string
  /** Path that opens the organization. */
  readonly openAction: string
  /** In the order typed; empty when nobody was to be invited. */
  readonly outcomes: readonly InviteOutcome[]
}

/** Shown after the creation: what became of each address. */
export function renderOrganizationCreatedPage(props: OrganizationCreatedPageProps): string {
  const { signedInAs, csrfToken, organizationName, slug, openAction, outcomes } = props
  return renderPage({
    title: `${organizationName} is ready`,
    signedInAs,
    width: 'wide',
    children: (
      <section class="card">
        <div class="heading">
          <h1>
            <bdi>{organizationName}</bdi> is ready
          </h1>
          <p class="quiet">
            Its slug is <code>{slug}</code>, and you are its Admin.
          </p>
        </div>
        {outcomes.length > 0 && <h2>Invitations</h2>}
        {outcomes.length > 0 && <InviteOutcomes outcomes={outcomes} />}
        {outcomes.length === 0 && <p>Nobody is invited yet. You can do that on the page of the organization.</p>}
        <div class="actions">
          <PostButton action={openAction} csrfToken={csrfToken} label="Open" about={organizationName} look="primary" />
          <a href="/">All organizations</a>
        </div>
      </section>
    ),
  })
}
