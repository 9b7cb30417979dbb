/** Addresses of this deployment: where a sign-in may return to, and where forms may lead. */

/** The provider stands below this path of the base address. */
export const MOUNT = '/oidc';
export const SIGN_IN = `${MOUNT}/sign-in`;

/** The edge answers HTTP and HTTPS on one port of loopback, which browsers call by two names. */
export const ownOrigins = (baseUrl: string): readonly string[] => {
  const { port, origin } = new URL(baseUrl);
  const loopback = ['127.0.0.1', 'localhost'].flatMap((host) => ['http', 'https'].map((scheme) => `${scheme}://${host}:${port}`));
  return [...new Set([origin, ...(port === '' ? [] : loopback)])];
};

export const isBelow = (origins: readonly string[], uri: string): boolean => {
  const url = URL.parse(uri);
  // RFC 6749, 3.1.2: no fragment. Credentials in an address are only ever meant to mislead.
  return url !== null && origins.includes(url.origin) && !uri.includes('#') && url.username === '' && url.password === '';
};
