import type { SelfSigned } from '../platform/crypto'

/**
 * Keys of the companies at the local identity provider. Published, since connections must outlive restarts; they prove
 * nothing outside of development, where nobody is sent to a loopback address.
 */
export const PUBLISHED_KEYS = {
  initech: keyOf(
    'MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCedO3t5qjMISu+l88WRPoV6mX+qGEpD0szdyhY6Q8wWEuBusfngEydLRofvj' +
      'yz0Q/JNjq/op7yG5qsWI7xZKwPv7rf1vysXVUxFsXUsGFaCKH/j87Rb4V2VFj8CZRy7PP/A6d+yZL/VTuwfZaiqd1SpJ4E/WDxvDuUHaxQM2+o' +
      '3hS8WoXe5oJXNFbSqWbpNpNx5D1M3/8dilMA14EcTrFIX3KX4S4DJ/m1KIYg70gYICYv+r/zKgKkqCvvXRG14236lafU4fQt1gOkXI54M1sBBe' +
      'PzeG7zO9g0tg1bpsSKFitIi4ycMz9ME3rDSmMRLcn0EU48nc9x5cS/SNFhMXI3AgMBAAECggEAGSP4NAyqr2h75ktzwdbDzwJXmGXitH8GsW2w' +
      'axrfHA6GPFkEKojCnxVu1aZ7PxRmasg93fXRPhx/F+UdGNOeMQl8ftM/V6GfSKCSVsJ9T6ma+k84wyXsiO+tBqAGe4140PcldgpJVlWRmNj0M2' +
      '67/Ma9g5En9nKlCUUD992RU7tYqH7TjKy5rZ7sAgNhIq72/uYXfa+drXmxO4glDdQycy3XEYQlxxGfPt7Uun5QpnU/4xZU4GQ26Ku/5mm+SOE5' +
      '7ydNtSXTO53M0RpHv+0jG7jFmJ0CUYy31H+G+rZo6+e/R4YU22qaGNqpNXZZRkeBvWRv22RgmAei51Q4PbEV4QKBgQDL2G4YBUi1xO8FQV2Mmk' +
      '/anSMepiwNWgH6mWXuu9jtlb1Ruv858pcLoOfCc6IrGnB/M6Xe8JgzU7fp/mEabnkmEF+FIUeOfo9R2i/Pbt1maCwLH9Id3RN0dWWKpiDy0IeE' +
      'JDlRHWRdi6/Xmz4optM+ZAQZWFnuwYe7mHG5Vlw67wKBgQDG/5v4LZ0NQ7fDF7AgeVgIHHh7FKENQyEraufhtBagHMnCuzi7aJK+gDwlSambhP' +
      'OYZvsEMvIkFgftlrxUkumYnDvTgxzseA1q3JBJ/MH2i6hT/eIFr50z57USb3gKfbbBKJ7wdzBwUL4wRqMIa8/JI93OhoGG3V4DRLONlLjdOQKB' +
      'gQC/OTX2FKbj1W0/6dS/PFcixnwWmV4D3Ga01kgYD2HtZqXl0NzyWE83mmcvM9hyROg5e5Ljs6GjrKp/uKEQ8Yd2nK9urQx6cOEzsNFe7yqEkb' +
      '6XZO9wEl7YxfROf4+zGMm3vV+DZ2YqlwqK4NgLvIu4IIzz1bzvy97vrY8phQkaQwKBgFtRTMd0Vw+RNbCHHEGqrWT7e6Yvb0Bgv8XmxwXh2Egd' +
      'LdD4jS4i7MQSoIcT6Ir/VbFoAGSK5Gb+3SB//WhqClwHxcRn9EvnQ3D4ShZJsNBsghAY/zFQxzjcaVFOaa2WxtiYxWbfqxC/XKdWotXoc29/z/' +
      'dH7gRvbQbe7e5YgwSxAoGBALggg7RB4CDWizAsras7GOIroun/pasJjMhHu3tf7PCxGEJzpylAk1Sd5rJJdHwHw4uaZ4OeN+oslGIzikYpfrSx' +
      'N5sDExvYeEBHAcTY7XfzvgoJ2A86y18V+TEHbLXp75tXpVxtWrCkQWYZgheCBaauaTgkk9Q5Hf58Nvonr/b5',
    'MIICrTCCAZWgAwIBAgIRAQhsyqi6ItfZ4lyoTWKaQzswDQYJKoZIhvcNAQELBQAwEjEQMA4GA1UEAwwHaW5pdGVjaDAeFw0yNDAxMDEwMDAwMD' +
      'BaFw00OTEyMzEwMDAwMDBaMBIxEDAOBgNVBAMMB2luaXRlY2gwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCedO3t5qjMISu+l88W' +
      'RPoV6mX+qGEpD0szdyhY6Q8wWEuBusfngEydLRofvjyz0Q/JNjq/op7yG5qsWI7xZKwPv7rf1vysXVUxFsXUsGFaCKH/j87Rb4V2VFj8CZRy7P' +
      'P/A6d+yZL/VTuwfZaiqd1SpJ4E/WDxvDuUHaxQM2+o3hS8WoXe5oJXNFbSqWbpNpNx5D1M3/8dilMA14EcTrFIX3KX4S4DJ/m1KIYg70gYICYv' +
      '+r/zKgKkqCvvXRG14236lafU4fQt1gOkXI54M1sBBePzeG7zO9g0tg1bpsSKFitIi4ycMz9ME3rDSmMRLcn0EU48nc9x5cS/SNFhMXI3AgMBAA' +
      'EwDQYJKoZIhvcNAQELBQADggEBACCnQd9gRJm+0ITZyLseMyHxWuyGb+OaA1LKSVyZ+ZChjfTqac9QohH9C7wisVMA+ek20hU8NyflYNPU6UMs' +
      'qAFcBSqlJIvLFZ7x88Pz1kGMpCsgeoW9+tzRqEodl5Gk0ohYXSIPg/2asxyFt3JHYVBYvvTPJYcqaB/jRmGBwkXaZPVfqWUkkA2HMdvxC9Pzpk' +
      'Yh3Rspxn8STgFndBdcOjOn53Tj8ZOwirW554LvTrta9H5ndIOyWU8hyPUWbhaiOh39H66y8QrTjsqgH3OLf/17cILBdoE7lxBc2H+60GsyxvB7' +
      'Q2q0rTg4vKYAysjKpUWJIJJdxVPTvgTYbxHmzow=',
  ),
  acme: keyOf(
    'MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDYDr+NG1c0fQGp2qLGAswxhJ5mO2KE3b/IcPc1bsQdK3GTz0GTZk1bFT2G2z' +
      'd1sheQ4OcIKbYCBcKepAsVGY1LyoGj0eGdLR47BYygewYJGOq6Zb72MEPqRH2Zvn8Pdw8zHDBfrbtwTXfjCHD1Btc6W9ZLl/OvK5E610TtzI7+' +
      'zrF+2x2bzSwjIqCcUexkHDo0b3Dqnnqaa7CWV4jdwZKgAioveVJArcdfNUYOyOA8FZ27cmYkcU2OhabSuGY8Y/x5KEiyv2xMe7rcYFMeAJ5iUI' +
      'DjonGVKQ+8/nr9exeDg5z+lgsI/fC5SQRmH3yzXCCQar7lTAg9XCJIXcP+OiV1AgMBAAECggEADCcgN9QENAvyrlbW9bkDOqcmsGzCCOPe6BZl' +
      'QVh+qClhFRsA/u/ahWIMzkDBvi619qHqkjdOaToLuBgAFkAUBjcDfcR4zU9+tiaEwiN0CR+hVw9muLr+8aFyndWXmLYYtnDtI6SbuMsSuu7Rnm' +
      'azxTDp5+H0hLONqA1NxOvPAJ64lW3DG9k6Gh/ny9dldkuLaJ/LlEkMXlUBelumhyAQB9O0KjF6A5S6MFzCohyvkkXFlj9vLLEn0255Pz9wNh5s' +
      'wLr5O9CJjA24jqFBgz4EX/YnJA2yhuBkQ9ICMcRyjWAbXhwrFP6vzpnc2Ka9b3INH1ZfF+xlU2w1Ynim5KtBDQKBgQDuXAegnYjpLL3LUaSVbH' +
      'wcizceVCRgxULUtCeySsfzNrLw/ybys6zN/oHcOUtT9uDtz3rebhjnlwTS2BkGIfWxG7HnaUjwbqrRDVir0+2DH2fSKKYt3IiB1YrbktXEXdxM' +
      'rsg8fhnjp9EsHIvvNrtR1r1Or8XwL/CdELuv5UhnpwKBgQDoDC+a+XmHpJwGXHEb9boQFZB1ThgXPJuSwU6WYCVosiFSAtwXw1n5I9jGh5izNY' +
      'iWXUcV57iu+6BDUd5C5blCJCR1shBfoWcg1OZDajzM7ZfLWdGnbbNvCEfNLHhw0Az6F2Zjid19mLmaHvcnqqMJYUMQWoEfcw0oNJkeKv1tgwKB' +
      'gQCauAoLa7ZvBKe9ziTzCRQWwxboDN4AIosa3kXWKUxYxuyoGjcB2zcUD1vjwxzuR5YBR2gN8ZEg4poy8ipsHKcKa1uzRlgeGPev8uXXwxysvD' +
      'n75H7ZzgidnisgE9PGPta8v8ch3QiZCVlxNKZwhCpbGPSQmu/01GluymnJ5x50iQKBgGtvkO74yJrTzOVpEXl3iOD/ivW05ZSEnCcTVxZqh4d0' +
      'ydaVul9KNDMUtL4ec8WtaILtxwbOVYS2vdnNYtGoWODVqQfRHKGaMgxSZhYabvIWoywkdtxE/0nOFKhbCZx5xzhXczFs2F7ZQj2oTphP+dJS9O' +
      'DydkwgUZwm1inQj6uPAoGBANnNagyniPo58RgZzDk3qjxjZSS7w4kamu/U3cLB/o/2w5h8K6V1z54Te5pSWTwfTqJjnDeFD/l/KKCF2CDTSd/6' +
      'T0G03o+/dZuKIHOomwQdixztb4pVBuihwK6sMpAkR65gUFQxM3LF7K/pjVU/cgv1zWn0t1V4xHi3yfZCjcjV',
    'MIICpzCCAY+gAwIBAgIRATHMyCXTdQwgvVjEv0vXykUwDQYJKoZIhvcNAQELBQAwDzENMAsGA1UEAwwEYWNtZTAeFw0yNDAxMDEwMDAwMDBaFw' +
      '00OTEyMzEwMDAwMDBaMA8xDTALBgNVBAMMBGFjbWUwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDYDr+NG1c0fQGp2qLGAswxhJ5m' +
      'O2KE3b/IcPc1bsQdK3GTz0GTZk1bFT2G2zd1sheQ4OcIKbYCBcKepAsVGY1LyoGj0eGdLR47BYygewYJGOq6Zb72MEPqRH2Zvn8Pdw8zHDBfrb' +
      'twTXfjCHD1Btc6W9ZLl/OvK5E610TtzI7+zrF+2x2bzSwjIqCcUexkHDo0b3Dqnnqaa7CWV4jdwZKgAioveVJArcdfNUYOyOA8FZ27cmYkcU2O' +
      'habSuGY8Y/x5KEiyv2xMe7rcYFMeAJ5iUIDjonGVKQ+8/nr9exeDg5z+lgsI/fC5SQRmH3yzXCCQar7lTAg9XCJIXcP+OiV1AgMBAAEwDQYJKo' +
      'ZIhvcNAQELBQADggEBAF1YDHFeEyr6qTq4jTJoNkXuwXHkBwPzjOs0yUTZLwo0AiFXbGsYHrkI6D4ZZEulvL3PvvSyzbxdbpife0alL4Y6zQBf' +
      'fsXzIWQ1Sb7fmWPCYr27DfUTz5FWhn5QUk0ZxqSnEPY0+88u36HC5KfZwWULnKt4J1yWxyQpITTqZvpCEG3IxvMhvBwBKAU+bmSSPtQ6LowPM5' +
      'V+z/wwSFUCtz51awzMCp0aGlBFynCATVIZXXgGyTnpHXBODqAocVflRf0SC9SA0tNfOu1tgAvGQ+Bji8GGhTEWDQkCyalErnGU43fuKXJECMaY' +
      'pCWwI8q4Riv7NoaxPGHgYQJkc/XR7As=',
  ),
}

/** @param pkcs8  DER in base64 */
function keyOf(pkcs8: string, certificate: string): SelfSigned {
  return { privateKey: `-----BEGIN ${'PRIVATE KEY'}-----\n${pkcs8}\n-----END ${'PRIVATE KEY'}-----\n`, certificate }
}
