/** A browser without a screen: keeps cookies, follows redirects, submits forms. */

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

export interface Browser {
  open(url: string): Promise<Page>;
  /** Presses a button of the page's form; `with` is the button's name and value. */
  press(page: Page, button: Readonly<Record<string, string>>): Promise<Page>;
}

/** @param stopAt address that belongs to the application: it is not asked for */
export const openBrowser = (stopAt: string): Browser => {
  const jar: Cookie[] = [];
  const keep = (header: string): void => {
    const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    const rest = jar.filter((cookie) => cookie.name !== name || cookie.path !== path);
    jar.splice(0, jar.length, ...rest, ...(value === '' ? [] : [{ name, value, path }]));
  };
  const cookieHeader = (url: string): string =>
    jar
      .filter(({ path }) => path === '/' || new URL(url).pathname === path || new URL(url).pathname.startsWith(`${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  const go = async (url: string, init: RequestInit = {}): Promise<Page> => {
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { accept: 'text/html', cookie: cookieHeader(url) } });
    response.headers.getSetCookie().forEach(keep);
    const next = response.headers.get('location');
    const page = { url, status: response.status, headers: response.headers, html: await response.text() };
    if (next === null) return page;
    const target = new URL(next, url).href;
    return target.startsWith(stopAt) ? { ...page, url: target } : go(target);
  };
  const press: Browser['press'] = ({ url, html }, button) => {
    const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1] ?? '';
    const hidden = [...html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]);
    return go(new URL(action, url).href, { method: 'POST', body: new URLSearchParams({ ...Object.fromEntries(hidden), ...button }) });
  };
  return { open: (url) => go(url), press };
};
