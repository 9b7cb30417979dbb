/** Pages of the identity provider: plain HTML that works without a script, with a keyboard and with a screen reader. */
import { createHash } from 'node:crypto';
import type { Person } from './person.ts';

const STYLE = `
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
main{max-width:32rem;margin:3rem auto;padding:0 1rem}
ul{list-style:none;padding:0;display:grid;gap:.5rem}
button{font:inherit;text-align:start;width:100%;padding:.75rem 1rem;border:1px solid;border-radius:.5rem;background:Canvas;color:CanvasText;cursor:pointer}
button:hover{text-decoration:underline}
button:focus-visible{outline:3px solid Highlight;outline-offset:2px}
button span{display:block;font-size:.875rem}
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** @param ownOrigins where a form may lead: `form-action` also holds for the redirects that follow, back to the application */
export const pagePolicy = (ownOrigins: readonly string[]): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    // None is ours; the provider adds the hash of its own where a form sends itself, and finds this directive to add it to.
    "script-src 'self'",
    `form-action 'self' ${ownOrigins.join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} – Assay on this machine</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`;

const choice = ({ sub, name, email, groups }: Person): string =>
  `<li><button name="sub" value="${escaped(sub)}">${escaped(name)}<span>${escaped([email, ...groups].join(' · '))}</span></button></li>`;

/** @param action path that the choice is posted to */
export const signInPage = (people: readonly Person[], action: string): string =>
  page(
    'Who are you?',
    `<p>These people live on this machine only, so there is no password. Choose one to sign in.</p>
<form method="post" action="${escaped(action)}">
<ul>
${people.map(choice).join('\n')}
</ul>
<p><button name="cancel" value="yes">Do not sign in</button></p>
</form>`,
  );

/** @param form the provider's own, which the buttons name */
export const signOutPage = (form: string): string =>
  page(
    'Sign out?',
    `${form}
<p><button form="op.logoutForm" name="logout" value="yes">Sign out</button></p>
<p><button form="op.logoutForm">Stay signed in</button></p>`,
  );

export const signedOutPage = (): string => page('You are signed out', '<p>You can close this page.</p>');

export const messagePage = (title: string, text: string): string => page(title, `<p>${escaped(text)}</p>`);
