import {
  type HomePageProps,
  type InvitationLetter,
  type InvitationPageProps,
  localPath,
  renderCompanyPage,
  renderEmailCodePage,
  renderHomePage,
  renderInvitationPage,
  renderLoginPage,
  renderMailboxPage,
  renderMessagePage,
  renderNewOrganizationPage,
  renderOrganizationCreatedPage,
  renderOrganizationPage,
  renderOwnSignInPage,
  renderWelcomePage,
  stylesheet,
} from '../../src/sign-in/pages'

const SCRIPT_URL = 'javascript:alert(1)'
const AT = new Date('2026-03-03T14:05:00Z')
const CSRF = 'csrf-token-1'

const letterOf = (words: string): InvitationLetter => ({
  token: words,
  organizationName: words,
  invitedByName: words,
  email: words,
  roleName: words,
  projectNames: [words],
  message: words,
  expiresAt: AT,
})

const CLOSED = ['accepted', 'declined', 'revoked', 'expired', 'unknown', 'mode-closed'] as const

function invitationPages(words: string): [string, string][] {
  const open = { letter: letterOf(words), signedInAs: words, csrfToken: CSRF }
  const states: InvitationPageProps[] = [
    { state: 'ready', ...open, error: words },
    { state: 'signed-out', letter: open.letter },
    { state: 'wrong-account', ...open },
    { state: 'already-member', ...open },
    { state: 'other-organization', ...open, otherOrganizationName: words },
    ...CLOSED.map((state) => ({ state, organizationName: words, signedInAs: words })),
  ]
  return states.map((props) => [`invitation, ${props.state}`, renderInvitationPage(props)])
}

const homeOf = (words: string, url: string): HomePageProps => ({
  signedInAs: words,
  csrfToken: CSRF,
  notice: words,
  mayCreateOrganization: true,
  explorerUrl: url,
  askable: (['OPEN', 'WAITING', 'DECLINED'] as const).map((state) => ({
    name: words,
    domain: words,
    state,
    action: url,
  })),
  organizations: [
    { name: words, slug: 'a', roleName: words, status: 'JOINED', openAction: url },
    { name: words, slug: 'b', roleName: words, status: 'SUSPENDED', openAction: url },
    {
      name: words,
      slug: 'c',
      roleName: words,
      status: 'JOINED',
      openAction: url,
      deletion: { purgeAt: AT, cancelAction: url },
    },
  ],
  invitations: [
    {
      organizationName: words,
      invitedByName: words,
      roleName: words,
      email: words,
      expiresAt: AT,
      acceptAction: url,
      declineAction: url,
    },
  ],
  sessions: [{ id: words, device: words, ipAddress: words, createdAt: AT, lastUsedAt: AT, isCurrent: true }],
  identities: [{ providerLabel: words, email: words, linkedAt: AT }],
  linkable: [{ label: words, startUrl: url }],
})

const newOrganizationOf = (words: string) => ({
  signedInAs: words,
  csrfToken: CSRF,
  slugRule: words,
  values: { name: words, slug: words, billingEmail: words, addresses: words },
  errors: ['name', 'slug', 'billingEmail', 'addresses', 'elsewhere'].map((name) => ({ path: [name], message: words })),
})

function organizationPages(words: string, url: string): [string, string][] {
  const outcomes = [{ address: words, outcome: 'INVALID' as const, detail: words }]
  const page = { signedInAs: words, name: words, slug: words, roleName: words, membersCount: 40 }
  const created = {
    signedInAs: words,
    csrfToken: CSRF,
    organizationName: words,
    slug: words,
    openAction: url,
    outcomes,
  }
  return [
    ['new organization', renderNewOrganizationPage(newOrganizationOf(words))],
    ['organization created', renderOrganizationCreatedPage(created)],
    ...[true, false].flatMap((hasOwn): [string, string][] =>
      [null, url].map((proveUrl) => [
        `own sign-in, ${hasOwn}, ${proveUrl}`,
        renderOwnSignInPage({
          signedInAs: words,
          email: words,
          organizationName: words,
          organizationUrl: url,
          connectionName: words,
          hasOwn,
          proveUrl,
          ways: [{ label: words, startUrl: url }],
        }),
      ]),
    ),
    [
      'organization',
      renderOrganizationPage({
        ...page,
        members: [{ name: words, email: words, roleName: words, status: 'JOINED' }],
        invite: {
          csrfToken: CSRF,
          roles: [{ id: words, name: words }],
          values: { addresses: words, roleId: words },
          errors: [{ path: ['addresses'], message: words }],
          outcomes,
        },
        signOut: { csrfToken: CSRF, ownSignInUrl: url },
      }),
    ],
  ]
}

/** Every page, with the same words wherever a person's words can stand and the same URL wherever one is passed in. */
function everyPage(words: string, url: string): [string, string][] {
  const mail = { to: words, subject: words, sentAt: AT }
  return [
    [
      'login',
      renderLoginPage({
        methods: [{ kind: 'GOOGLE', label: words, startUrl: url }],
        byEmail: { action: url, sendsCodes: true },
        returnTo: url,
        csrfToken: CSRF,
        error: words,
        hint: words,
        email: words,
      }),
    ],
    ['e-mail code', renderEmailCodePage({ email: words, minutes: 10, returnTo: url, csrfToken: CSRF, error: words })],
    [
      'company',
      renderCompanyPage({ title: words, ways: [{ label: words, startUrl: url }], returnTo: url, otherUrl: url }),
    ],
    ['welcome', renderWelcomePage()],
    ['home', renderHomePage(homeOf(words, url))],
    ...invitationPages(words),
    ...organizationPages(words, url),
    [
      'message',
      renderMessagePage({
        title: words,
        whatHappened: words,
        whatNext: words,
        requestId: words,
        action: { label: words, url },
        signedInAs: words,
      }),
    ],
    ['mailbox', renderMailboxPage({ mails: [{ ...mail, url }], opened: null })],
    ['opened mail', renderMailboxPage({ mails: [], opened: { ...mail, html: '<p>Hello</p>', text: words } })],
  ]
}

const attributes = (html: string, name: string): string[] =>
  [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value)
const controls = (html: string): string[] =>
  [...html.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => !tag.includes('type="hidden"'))
const count = (html: string, part: RegExp): number => html.match(part)?.length ?? 0

describe.each(everyPage('Acme', '/somewhere'))('the page: %s', (_name, html) => {
  it('is a complete document with one main part, one first heading and a title', () => {
    expect(html).toMatch(/^<!doctype html><html lang="en"><head>/)
    expect(html).toMatch(/<title>[^<]+ · Gatehouse<\/title>/)
    expect([count(html, /<main\b/g), count(html, /<h1\b/g)]).toEqual([1, 1])
  })

  it('labels every control, and refers only to ids that exist once', () => {
    const ids = attributes(html, 'id')
    expect(new Set(ids).size).toBe(ids.length)
    const labelled = attributes(html, 'for')
    for (const control of controls(html)) expect(labelled).toContain(attributes(control, 'id')[0])
    const referred = ['for', 'aria-describedby', 'aria-labelledby'].flatMap((name) => attributes(html, name))
    for (const id of referred.flatMap((value) => value.split(' '))) expect(ids).toContain(id)
  })

  it('names no other origin, runs no script and styles nothing inline', () => {
    const outside = html.replace(/ srcdoc="[^"]*"/, '')
    expect(outside).not.toMatch(/https?:|<script|<style|<img|\sstyle=|\son\w+=|javascript:/i)
    const urls = ['href', 'action', 'src'].flatMap((name) => attributes(outside, name))
    for (const url of urls) expect(url).toMatch(/^(\/(?!\/)|#main$)/)
  })

  it('posts every form with the token against forged requests', () => {
    const forms = html.match(/<form\b.*?<\/form>/g) ?? []
    for (const form of forms) {
      expect(form).toMatch(/^<form method="post"/)
      expect(form).toContain(`<input type="hidden" name="csrfToken" value="${CSRF}"/>`)
    }
  })
})

describe.each(everyPage('</textarea><script>alert("1")</script>\'"><b onclick="x">', SCRIPT_URL))(
  'hostile words on the page: %s',
  (_name, html) => {
    it('stay words', () => {
      expect(html).not.toMatch(/<script|<b onclick/)
      // One closing tag per text area: none was closed from within.
      expect(count(html, /<\/textarea>/g)).toBe(count(html, /<textarea\b/g))
      for (const tag of html.match(/<[^>]*>/g) ?? []) expect(tag).not.toMatch(/\sonclick=/)
    })

    it('make no link or form that runs them', () => {
      for (const name of ['href', 'action', 'value']) {
        for (const value of attributes(html, name)) expect(value).not.toMatch(/^\s*javascript:/i)
      }
    })
  },
)

describe('a path that was passed in', () => {
  it.each(['/', '/invitations/inv_1', '/login?returnTo=%2Fx#top'])('%s stays as it is', (path) => {
    expect(localPath(path)).toBe(path)
  })

  it.each([
    SCRIPT_URL,
    ' javascript:alert(1)',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'data:text/html,x',
    'evil',
    '',
  ])('%j becomes the start page', (path) => {
    expect(localPath(path)).toBe('/')
  })
})

describe('the sign-in page', () => {
  const props = { methods: [], byEmail: null, returnTo: '/', csrfToken: CSRF }

  it('takes the way back along to every method and to the code form', () => {
    const html = renderLoginPage({
      ...props,
      methods: [{ kind: 'GITHUB', label: 'GitHub', startUrl: '/login/github/start?link=1' }],
      byEmail: { action: '/login/email', sendsCodes: true },
      returnTo: '/invitations/inv_1',
    })
    expect(html).toContain('href="/login/github/start?link=1&amp;returnTo=%2Finvitations%2Finv_1"')
    expect(html).toContain('name="returnTo" value="/invitations/inv_1"')
  })

  it('says why to sign in when it knows', () => {
    const html = renderLoginPage({ ...props, hint: 'to accept the invitation from Acme' })
    expect(html).toContain('Sign in to accept the invitation from Acme.')
  })

  it('says so when there is no way to sign in', () => {
    expect(renderLoginPage(props)).toContain('Nobody can sign in yet')
  })
})

describe('the code page', () => {
  it('asks for the code and can send another one to the same address', () => {
    const html = renderEmailCodePage({ email: 'ada@example.com', minutes: 10, returnTo: '/x', csrfToken: CSRF })
    expect(html).toContain('<form method="post" action="/login/email/verify"')
    expect(html).toContain('<form method="post" action="/login/email"')
    expect(count(html, /name="email" value="ada@example.com"/g)).toBe(2)
    expect(html).toContain('autocomplete="one-time-code"')
  })
})

describe('the invitation page', () => {
  const letter: InvitationLetter = {
    token: 'inv_1',
    organizationName: 'Acme',
    invitedByName: 'Ada',
    email: 'grace@example.com',
    roleName: 'Reviewer',
    projectNames: ['Guidance', 'Re-entry'],
    expiresAt: AT,
  }

  it('ready: tells what is offered, and offers to accept or decline', () => {
    const html = renderInvitationPage({ state: 'ready', letter, signedInAs: 'grace@example.com', csrfToken: CSRF })
    for (const words of ['Acme', 'Ada', 'Reviewer', 'Guidance, Re-entry', '3 March 2026, 14:05 UTC']) {
      expect(html).toContain(words)
    }
    expect(html).toContain('action="/invitations/inv_1/accept"')
    expect(html).toContain('action="/invitations/inv_1/decline"')
  })

  it('signed out: tells the invited address and leads to signing in and back, without a form', () => {
    const html = renderInvitationPage({ state: 'signed-out', letter })
    expect(html).toContain('The invitation is for <bdi class="name">grace@example.com</bdi>')
    expect(html).toContain('href="/login?returnTo=%2Finvitations%2Finv_1"')
    expect(html).not.toContain('<form')
  })

  it('wrong account: tells both addresses and offers to switch, not to accept', () => {
    const html = renderInvitationPage({
      state: 'wrong-account',
      letter,
      signedInAs: 'bob@example.com',
      csrfToken: CSRF,
    })
    expect(html).toContain('signed in as <bdi class="name">bob@example.com</bdi>')
    expect(html).toContain('invitation is for <bdi class="name">grace@example.com</bdi>')
    expect(html).toMatch(/action="\/logout".*name="returnTo" value="\/login\?returnTo=%2Finvitations%2Finv_1"/)
    expect(html).not.toContain('/accept"')
  })

  it('already a member: leads to the organizations', () => {
    const html = renderInvitationPage({ state: 'already-member', letter, signedInAs: 'grace@example.com' })
    expect(html).toContain('You are already a member')
    expect(html).toContain('Go to your organizations')
    expect(html).not.toContain('<form')
  })

  it('in another organization: names it and says what to do, and cannot be accepted', () => {
    const html = renderInvitationPage({
      state: 'other-organization',
      letter,
      signedInAs: 'grace@example.com',
      csrfToken: CSRF,
      otherOrganizationName: 'Globex',
    })
    expect(html).toContain('first leave <bdi class="name">Globex</bdi>')
    expect(html).not.toContain('/accept"')
  })

  it.each([
    ['accepted', 'Already accepted', 'sign in to open the organization'],
    ['declined', 'Invitation declined', 'invite you again'],
    ['revoked', 'Invitation withdrawn', 'ask the person who invited you'],
    ['expired', 'Invitation expired', 'send it again'],
    ['unknown', 'This link does not work', 'newest mail'],
    ['mode-closed', 'Invitations are closed', 'work account'],
  ] as const)('%s: says so and what to do next, without a form', (state, title, whatNext) => {
    const html = renderInvitationPage({ state, organizationName: null, signedInAs: null })
    expect(html).toContain(`<h1>${title}</h1>`)
    expect(html).toContain(whatNext)
    expect(html).toContain('href="/login"')
    expect(html).not.toContain('<form')
  })
})

describe('the home page', () => {
  const html = renderHomePage(homeOf('Acme', '/somewhere'))

  it('opens an organization only while it is neither suspended nor being deleted', () => {
    expect(count(html, />Open<span class="unseen"> Acme/g)).toBe(1)
    expect(count(html, />Cancel deletion</g)).toBe(1)
  })

  it('offers accepting, declining, revoking, linking, creating and signing out', () => {
    for (const words of [
      '>Accept<',
      '>Decline<',
      '/sessions/Acme/revoke',
      'Link Acme',
      '/organizations/new',
      '/logout',
    ]) {
      expect(html).toContain(words)
    }
  })

  it('offers to ask where that is possible, and to take back what waits', () => {
    const askable = (['OPEN', 'WAITING', 'DECLINED'] as const).map((state) => ({
      name: state,
      domain: 'acme.example',
      state,
      action: `/join-requests/${state}`,
    }))
    const html = renderHomePage({ ...homeOf('Acme', '/somewhere'), askable })
    expect(html).toContain('action="/join-requests/OPEN"')
    expect(html).toContain('Waiting for an Admin')
    expect(html).toContain('action="/join-requests/WAITING"')
    expect(html).not.toContain('action="/join-requests/DECLINED"')
  })

  it('shows no explorer, no creation and no invitations where there are none', () => {
    const bare = renderHomePage({
      ...homeOf('Acme', '/somewhere'),
      explorerUrl: null,
      mayCreateOrganization: false,
      invitations: [],
      askable: [],
    })
    expect(bare).not.toMatch(/API explorer|organizations\/new|Invitations|Ask to join/)
  })
})

describe('the organization pages', () => {
  it('keep what was typed and put each message at its field', () => {
    const html = renderNewOrganizationPage({
      ...newOrganizationOf('Acme'),
      slugRule: 'a to z',
      values: {
        name: 'Acme & Co',
        slug: 'acme',
        billingEmail: 'bills@acme.example',
        addresses: 'a@x.example;\nB <b@x.example>',
      },
      errors: [{ path: ['input', 'slug'], message: 'This slug is taken.' }],
    })
    expect(html).toContain('value="Acme &amp; Co"')
    expect(html).toContain('>a@x.example;\nB &lt;b@x.example></textarea>')
    expect(html).toContain('a to z')
    expect(html).toContain('<p class="problem" id="slug-error">This slug is taken.</p>')
    expect(html).toMatch(/<input id="slug" name="slug" aria-describedby="slug-error slug-hint" aria-invalid="true"/)
    expect(count(html, /aria-invalid/g)).toBe(1)
  })

  it('show what became of each invited address', () => {
    const html = renderOrganizationCreatedPage({
      signedInAs: 'ada@example.com',
      csrfToken: CSRF,
      organizationName: 'Acme',
      slug: 'acme',
      openAction: '/open',
      outcomes: [
        { address: 'a@x.example', outcome: 'SENT' },
        { address: 'b@x.example', outcome: 'ALREADY_INVITED', detail: 'Resend it if it was lost.' },
      ],
    })
    expect(html).toMatch(/a@x\.example.*>Sent<.*b@x\.example.*Resend it if it was lost\..*>Already invited</)
  })

  it('show the form to invite only to those who may, with the chosen role kept', () => {
    const page = {
      signedInAs: 'a',
      name: 'Acme',
      slug: 'acme',
      roleName: 'Admin',
      membersCount: 1,
      members: [],
      signOut: null,
    }
    const roles = [
      { id: 'r1', name: 'Member' },
      { id: 'r2', name: 'Admin' },
    ]
    const html = renderOrganizationPage({
      ...page,
      invite: { csrfToken: CSRF, roles, values: { addresses: '', roleId: 'r2' } },
    })
    expect(html).toContain('action="/organizations/acme/invitations"')
    expect(html).toContain('<option selected value="r2">Admin</option>')
    expect(renderOrganizationPage({ ...page, invite: null })).not.toContain('<form')
    expect(renderOrganizationPage({ ...page, invite: null })).toContain('All organizations')
  })

  it('let people without an account page sign out of their organization, and go nowhere else', () => {
    const page = { signedInAs: 'a', name: 'Acme', slug: 'acme', roleName: 'Member', membersCount: 1, members: [] }
    const html = renderOrganizationPage({
      ...page,
      invite: null,
      signOut: { csrfToken: CSRF, ownSignInUrl: '/organizations/acme/own-sign-in' },
    })
    expect(html).toContain('action="/logout"')
    expect(html).toContain('href="/organizations/acme/own-sign-in"')
    expect(html).not.toContain('All organizations')
  })
})

describe('the mailbox', () => {
  it('shows a mail in a frame without scripts and without our origin', () => {
    const opened = { to: 'a@x.example', subject: 'Hi', sentAt: AT, html: '<p title="x">Hi</p>', text: 'Hi' }
    const html = renderMailboxPage({ mails: [], opened })
    expect(html).toContain('sandbox="allow-top-navigation-by-user-activation"')
    expect(html).toContain('srcdoc="&lt;base target=&quot;_top&quot;>&lt;p title=&quot;x&quot;>Hi&lt;/p>"')
  })
})

describe('the stylesheet', () => {
  it('has a dark look and loads nothing', () => {
    expect(stylesheet).toContain('prefers-color-scheme: dark')
    expect(stylesheet).not.toMatch(/url\(|@import|https?:/)
  })
})
