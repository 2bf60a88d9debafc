/** Who makes an identity provider; it chooses guides and presets, and never what is believed. */
export type IdpVendor = 'OKTA' | 'ENTRA' | 'GOOGLE' | 'JUMPCLOUD' | 'ONELOGIN' | 'PING' | 'KEYCLOAK' | 'DEMO' | 'OTHER'
