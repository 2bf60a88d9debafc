import { renderDocument } from './layout.page'

/** Renders what follows a sign-out that an application has asked for. */
export function renderSignedOutPage(): string {
  return renderDocument(
    'Signed out – Local identity provider',
    <>
      <h1>Signed out</h1>
      <p>Every application by OpenID Connect was told. You can close this page.</p>
      <p>
        <a href="/">Local identity provider</a>
      </p>
    </>,
  )
}
