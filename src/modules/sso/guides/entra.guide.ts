import { type SetupGuide, TEST_AND_ACTIVATE } from './setup-guide'

/** Microsoft Entra ID. */
export const ENTRA: readonly SetupGuide[] = [
  {
    vendor: 'ENTRA',
    protocol: 'OIDC',
    steps: [
      {
        key: 'register',
        title: 'Register the application',
        body: 'In the Microsoft Entra admin center open **Identity → Applications → App registrations → New registration**. Choose *Accounts in this organizational directory only*, the platform **Web**, and enter the redirect URI.',
        values: ['redirectUri'],
      },
      {
        key: 'issuer',
        title: 'Copy client id and issuer',
        body: 'From **Overview** copy **Application (client) ID**. The issuer is `https://login.microsoftonline.com/{Directory (tenant) ID}/v2.0` with the id of your directory. `common` and `organizations` are not taken: they would admit other companies.',
        values: [],
      },
      {
        key: 'secret',
        title: 'Create a client secret',
        body: 'Under **Certificates & secrets → New client secret** create a secret and copy its **Value** (not its id) to the connection. Note when it expires: sign-in stops on that day.',
        values: [],
      },
      {
        key: 'claims',
        title: 'Send e-mail and groups',
        body: 'Under **Token configuration → Add optional claim → ID** add `email`, `family_name` and `given_name`. To map groups, **Add groups claim** and choose *Groups assigned to the application*; Entra sends object ids, so enter those in the mapping. With *All groups* Entra names none at all for people in more than 200: they keep the role and teams they have.',
        values: [],
      },
      {
        key: 'assign',
        title: 'Assign people',
        body: 'Under **Enterprise applications → your application → Properties** set **Assignment required** to *Yes*, then add people under **Users and groups**.',
        values: [],
      },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'ENTRA',
    protocol: 'SAML',
    steps: [
      {
        key: 'create',
        title: 'Create the enterprise application',
        body: 'In the Microsoft Entra admin center open **Identity → Applications → Enterprise applications → New application → Create your own application**, choose *Integrate any other application you don’t find in the gallery*, then **Single sign-on → SAML**.',
        values: [],
      },
      {
        key: 'urls',
        title: 'Enter our addresses',
        body: 'Under **Basic SAML Configuration** enter our entity id as **Identifier (Entity ID)** and the ACS URL as **Reply URL**. Leave **Relay State** empty; as **Sign on URL** enter the sign-in page.',
        values: ['spEntityId', 'acsUrl', 'signInUrl'],
      },
      {
        key: 'claims',
        title: 'Choose a lasting subject and send groups',
        body: 'Under **Attributes & Claims** set **Unique User Identifier (Name ID)** to the source attribute `user.objectid` with the format *Persistent*. The default, the user principal name, changes when people marry. To map groups, **Add a group claim** with *Groups assigned to the application*.',
        values: [],
      },
      {
        key: 'metadata',
        title: 'Copy the metadata URL',
        body: 'Under **SAML Certificates** copy the **App Federation Metadata Url** (the one that ends in `?appid=…`; the tenant’s own lists other keys). Set **Signing Option** to *Sign SAML response and assertion* and **Signing Algorithm** to *SHA-256*.',
        values: [],
      },
      { key: 'assign', title: 'Assign people', body: 'Under **Users and groups** add who may sign in.', values: [] },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'ENTRA',
    protocol: 'SCIM',
    steps: [
      {
        key: 'start',
        title: 'Start provisioning',
        body: 'In the enterprise application open **Provisioning → New configuration** (or set **Provisioning Mode** to *Automatic*).',
        values: [],
      },
      {
        key: 'connect',
        title: 'Enter URL and token',
        body: 'Enter the base URL as **Tenant URL** with `?aadOptscim062020` at its end, which makes Entra follow the standard, and the token as **Secret Token**. Press **Test Connection**.',
        values: ['scimBaseUrl', 'scimToken'],
      },
      {
        key: 'mappings',
        title: 'Check the mappings',
        body: 'Under **Mappings → Provision Microsoft Entra ID Users** map `externalId` to `objectId`, which sign-ins name too, and keep it among the matching attributes after `userName`. Leave the mapping of `active` as it is: it deactivates whoever is unassigned, disabled or deleted. Remove mappings of attributes you do not want to share.',
        values: [],
      },
      {
        key: 'scope',
        title: 'Choose the scope and switch on',
        body: 'Under **Settings** choose *Sync only assigned users and groups*, set **Provisioning Status** to *On*. Entra works in cycles of about 40 minutes; **Provision on demand** shows one person at once, and leaves the flag out, which works as well. Assigned groups become teams; people in groups below an assigned one are not pushed by Entra.',
        values: [],
      },
    ],
  },
]
