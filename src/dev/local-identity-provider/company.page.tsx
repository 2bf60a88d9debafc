import type { JSX } from 'preact'
import type { Person } from './account'
import { ANSWERS, CONDITIONS, type Condition } from './answers'
import type { CompanyConnection } from './company'
import type { JournalEntry } from './journal'
import { renderDocument } from './layout.page'

/** What the page of a company shows. */
export type CompanyPage = {
  connection: CompanyConnection
  condition: Condition
  people: readonly (Person & { isBlocked: boolean })[]
  journal: readonly JournalEntry[]
}

/** Renders what an Admin enters to connect a company, its people, its switches and what it did. */
export function renderCompanyPage(page: CompanyPage): string {
  const { name } = page.connection
  return renderDocument(
    `${name} – Local identity provider`,
    <>
      <h1>{name}</h1>
      <p class="quiet">
        <a href="/">Local identity provider</a> · how it answers is chosen on its sign-in page, each time.{' '}
        <a href={`/${page.connection.slug}/scim`}>Push people by SCIM</a>
      </p>
      <Connection {...page.connection} />
      <ConditionForm condition={page.condition} />
      <People people={page.people} />
      <JournalList journal={page.journal} />
    </>,
    { width: 'wide' },
  )
}

function Connection({ oidc, saml }: CompanyConnection): JSX.Element {
  return (
    <>
      <h2>Connect by OpenID Connect</h2>
      <Values values={{ Issuer: oidc.issuer, 'Client id': oidc.clientId, 'Client secret': oidc.clientSecret }} />
      <h2>Connect by SAML</h2>
      <Values values={{ 'Metadata URL': saml.metadataUrl, 'Entity id': saml.entityId, 'Sign-in URL': saml.ssoUrl }} />
      <p class="quiet below">
        There is nothing to register here: every redirect URI and ACS URL of this Gatehouse is known.
      </p>
    </>
  )
}

function Values({ values }: { values: Record<string, string> }): JSX.Element {
  return (
    <dl>
      {Object.entries(values).map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <code>{value}</code>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function ConditionForm({ condition }: { condition: Condition }): JSX.Element {
  return (
    <form method="post" class="line" aria-labelledby="condition">
      <h2 id="condition">The provider as a whole</h2>
      <select name="condition" aria-labelledby="condition">
        {CONDITIONS.map(({ key, label }) => (
          <option key={key} value={key} selected={key === condition}>
            {label}
          </option>
        ))}
      </select>
      <button type="submit">Set</button>
    </form>
  )
}

function People({ people }: Pick<CompanyPage, 'people'>): JSX.Element {
  return (
    <>
      <h2>People</h2>
      <ul class="rows">
        {people.map(({ name, email, groups = [], isBlocked }) => (
          <li key={email}>
            <p>
              <b>{name}</b> {isBlocked && <span class="banner">Blocked</span>}
              <br />
              <span class="quiet">
                {email}
                {groups.length > 0 && ` · ${groups.join(', ')}`}
              </span>
            </p>
            <form method="post">
              <input type="hidden" name="email" value={email} />
              <button type="submit" name="do" value={isBlocked ? 'unblock' : 'block'}>
                {isBlocked ? 'Unblock' : 'Block'}
                <span class="unseen"> {name}</span>
              </button>
              <button type="submit" name="do" value="sign-out">
                Sign out
                <span class="unseen"> {name}</span>
              </button>
            </form>
          </li>
        ))}
      </ul>
      <p class="quiet below">
        Whoever is blocked is refused, and gets no new tokens. Signing out tells every application by OpenID Connect
        Back-Channel Logout.
      </p>
    </>
  )
}

function JournalList({ journal }: Pick<CompanyPage, 'journal'>): JSX.Element {
  return (
    <>
      <h2>What it did</h2>
      {journal.length === 0 && <p class="quiet">Nothing yet.</p>}
      <ul class="rows">
        {journal.map(({ at, protocol, email, what, to, remark }) => (
          <li key={at}>
            <p>
              <b>{labelOf(what)}</b> <span class="quiet">· {protocol}</span>
              <br />
              <span class="quiet">
                {at.toISOString().slice(11, 19)} UTC · {email} · to {to}
                {remark && ` · ${remark}`}
              </span>
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

function labelOf(what: JournalEntry['what']): string {
  return what === 'logout' ? 'Signed out' : (ANSWERS.find(({ key }) => key === what)?.label ?? what)
}
