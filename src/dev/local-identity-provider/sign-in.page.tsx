import type { JSX } from 'preact'
import { findPerson, type Person } from './account'
import { renderDocument } from './layout.page'

/** What the page shows: the people to pick from, and what was typed or hinted so far. */
export type SignInPage = {
  people: Person[]
  /** `login_hint` of the client: the person who is suggested, or the address the form starts with */
  hint?: string
  typed?: Person & { problems: { email?: string[]; name?: string[] } }
}

const title = 'Local identity provider – development only'

/** Renders the page on which a person is picked or an e-mail address is typed; both forms post to the page itself. */
export function renderSignInPage({ people, hint, typed }: SignInPage): string {
  const suggested = hint === undefined ? undefined : findPerson(people, hint)
  return renderDocument(
    title,
    <>
      <h1>Local identity provider</h1>
      <p class="quiet">Sign in as anybody, without a password.</p>
      {people.length > 0 && <PeopleForm people={people} suggested={typed ? undefined : suggested} />}
      <AddressForm hint={suggested ? undefined : hint} typed={typed} takesFocus={people.length === 0} />
    </>,
  )
}

function PeopleForm({ people, suggested }: { people: Person[]; suggested?: Person }): JSX.Element {
  return (
    <form method="post" aria-labelledby="people">
      <h2 id="people">Pick a person</h2>
      <ul>
        {people.map((person) => (
          <li key={person.email}>
            <button
              class="person"
              type="submit"
              name="email"
              value={person.email}
              autofocus={person === suggested}
              aria-describedby={person === suggested ? 'suggested' : undefined}
            >
              <b>{person.name}</b> <span class="quiet">· {person.email}</span>
            </button>
            {person === suggested && (
              <p class="suggested quiet" id="suggested">
                Suggested by the application
              </p>
            )}
          </li>
        ))}
      </ul>
    </form>
  )
}

type AddressFormProps = Pick<SignInPage, 'hint' | 'typed'> & { takesFocus: boolean }

function AddressForm({ hint, typed, takesFocus }: AddressFormProps): JSX.Element {
  return (
    <form method="post" aria-labelledby="address">
      <h2 id="address">Or sign in with another address</h2>
      <Field
        label="E-mail address"
        problems={typed?.problems.email}
        type="email"
        name="email"
        required
        maxLength={254}
        autocomplete="email"
        value={typed?.email ?? hint}
        autofocus={takesFocus || hint !== undefined || typed?.problems.email !== undefined}
      />
      <Field
        label="Name (optional)"
        problems={typed?.problems.name}
        type="text"
        name="name"
        maxLength={200}
        autocomplete="name"
        value={typed?.name}
      />
      <button class="submit" type="submit">
        Sign in
      </button>
    </form>
  )
}

type FieldProps = JSX.IntrinsicElements['input'] & { name: string; label: string; problems?: string[] }

function Field({ label, problems, ...input }: FieldProps): JSX.Element {
  const problemId = problems && `${input.name}-problem`
  return (
    <>
      <label>
        {label}
        <input {...input} aria-invalid={problems && 'true'} aria-describedby={problemId} />
      </label>
      {problems && (
        <p class="error" role="alert" id={problemId}>
          {problems.join(' ')}
        </p>
      )}
    </>
  )
}
