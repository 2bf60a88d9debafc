import { postAtOnce, renderDocument } from './layout.page'

/** Renders a page that posts its fields to an address at once (SAML bindings §3.5), or by its button without scripts. */
export function renderPostBackPage({ address, fields }: { address: string; fields: Record<string, string> }): string {
  return renderDocument(
    'Back to the application – Local identity provider',
    <>
      <h1>Back to the application</h1>
      <p class="quiet">The answer is on its way to {new URL(address).host}.</p>
      <form method="post" action={address}>
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <button class="submit" type="submit">
          Go on
        </button>
      </form>
      {/* Raw, because an escaped script would not match its hash. */}
      <script dangerouslySetInnerHTML={{ __html: postAtOnce }} />
    </>,
  )
}
