import type { CompanyConnection } from './company'
import { renderDocument } from './layout.page'

/** Renders the front page: which companies sign in here, and where to go on. */
export function renderHomePage(companies: readonly CompanyConnection[], issuer: string): string {
  return renderDocument(
    'Local identity provider – development only',
    <>
      <h1>Local identity provider</h1>
      <p>
        Stands for the identity providers of {companies.length} companies. Everybody signs in without a password, and
        every answer can be made wrong.
      </p>
      <ul>
        {companies.map(({ slug, name }) => (
          <li key={slug}>
            <a class="person" href={`/${slug}`}>
              <b>{name}</b> <span class="quiet">OpenID Connect and SAML</span>
            </a>
          </li>
        ))}
      </ul>
      <p class="quiet below">
        People without a company sign in at <code>{issuer}</code>, from the sign-in page of Gatehouse.
      </p>
    </>,
  )
}
