import type { JSX } from 'preact'
import { findPerson, type Person } from './account'
import type { Answer } from './answers'
import { renderDocument } from './layout.page'

/** What the page shows: the people to pick from, and what was typed or hinted so far. */
export type SignInPage = {
  people: readonly Person[]
  /** A company's own page says so, and asks for groups as well */
  companyName?: string
  /** How the sign-in can be answered; nothing to choose from when empty */
  answers: readonly { key: Answer; label: string }[]
  /** `login_hint` of the client: the person who is suggested, or the address the form starts with */
  hint?: string
  typed?: TypedPerson
}

/** What was typed, and what is wrong with it. */
export type TypedPerson = {
  email: string
  name: string
  groups: string
  problems: { email?: string[]; name?: string[]; groups?: string[] }
}

const title = 'Local identity provider – development only'

/** Renders the page on which a person is picked or an e-mail address is typed; its form posts to the page itself. */
export function renderSignInPage({ people, companyName, answers, hint, typed }: SignInPage): string {
  const suggested = hint === undefined ? undefined : findPerson(people, hint)
  return renderDocument(
    title,
    <>
      <h1>{companyName ? `Sign in at ${companyName}` : 'Local identity provider'}</h1>
      <p class="quiet">{companyName && 'Local identity provider. '}Sign in as anybody, without a password.</p>
      {people.length > 0 && (
        <form method="post" aria-labelledby="people">
          <h2 id="people">Pick a person</h2>
          <PeopleList people={people} suggested={typed ? undefined : suggested} />
          <AnswerChoice answers={answers} />
        </form>
      )}
      <AddressForm
        hint={suggested ? undefined : hint}
        typed={typed}
        takesFocus={people.length === 0}
        asksForGroups={companyName !== undefined}
        answers={answers}
      />
    </>,
  )
}

function PeopleList({ people, suggested }: { people: readonly Person[]; suggested?: Person }): JSX.Element {
  return (
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
            <b>{person.name}</b> <span class="quiet">{person.email}</span>
            {person.groups && person.groups.length > 0 && <span class="quiet">{person.groups.join(', ')}</span>}
          </button>
          {person === suggested && (
            <p class="suggested quiet" id="suggested">
              Suggested by the application
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}

function AnswerChoice({ answers }: Pick<SignInPage, 'answers'>): JSX.Element | null {
  if (answers.length === 0) return null
  return (
    <label>
      Answer
      <select name="answer">
        {answers.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}

type AddressFormProps = Pick<SignInPage, 'hint' | 'typed' | 'answers'> & { takesFocus: boolean; asksForGroups: boolean }

function AddressForm({ hint, typed, takesFocus, asksForGroups, answers }: AddressFormProps): JSX.Element {
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
      {asksForGroups && (
        <Field
          label="Groups, with commas between (optional)"
          problems={typed?.problems.groups}
          type="text"
          name="groups"
          maxLength={1000}
          value={typed?.groups}
        />
      )}
      <AnswerChoice answers={answers} />
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
