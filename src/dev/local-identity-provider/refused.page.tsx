import { renderDocument } from './layout.page'

/** Renders what is shown instead of a sign-in: an unknown client or redirect URI, an expired page, a wrong address. */
export function renderRefusedPage({ code, reason }: { code: string; reason?: string }): string {
  return renderDocument(
    'Sign-in refused – Local identity provider',
    <>
      <h1>Sign-in refused</h1>
      <p>{reason ?? 'The request cannot be answered.'}</p>
      <p class="quiet">
        Error code: <code>{code}</code>. Go back to the application and start the sign-in again.
      </p>
    </>,
  )
}
