/**
 * CloudFront Function, viewer request: one public address, the file that the `Accept` header asks for. The edge of a single
 * machine runs this same file.
 *
 * JavaScript runtime 2.0 is ES 5.1 with `let`, `const`, arrow functions and template literals: no destructuring, no spread,
 * no `for…of`, no default arguments, no optional chaining. @see AWS, "JavaScript runtime 2.0 features for CloudFront Functions"
 */

const HTML = { suffix: '.html', types: ['text/html'] };
const DOCUMENT = { suffix: '.json', types: ['application/vc+ld+json', 'application/vc', 'application/ld+json', 'application/json'] };
const JWT = { suffix: '.jwt', types: ['application/vc+jwt', 'application/jwt', 'text/plain'] };
const PNG = { suffix: '.png', types: ['image/png'] };
const SVG = { suffix: '.svg', types: ['image/svg+xml'] };
const DID = { suffix: '/did.json', types: ['application/did+json', 'application/did+ld+json', 'application/did'] };

/** Which forms an address has; the first is what anyone gets who asks for none of them. */
const KINDS = [
  { pattern: /^\/c\/[^/]+$/, forms: [HTML, DOCUMENT, JWT, PNG, SVG] },
  { pattern: /^\/i\/[^/]+$/, forms: [HTML, DOCUMENT, DID] },
  { pattern: /^\/a\/[^/]+\/[^/]+\/[^/]+$/, forms: [HTML, DOCUMENT, PNG, SVG] },
  { pattern: /^\/s\/[^/]+\/[^/]+$/, forms: [DOCUMENT, JWT] },
];

/** A list of suffixes and not "a dot", since the version `1.0.0` has dots as well. */
const FILE = /\.(html|json|jwt|png|svg|txt|css|js|ico|xml)$/;

/** CloudFront stops a function that takes long; browsers send about 150 characters and 8 ranges. */
const ACCEPT_LENGTH_MAX = 1024;
const RANGES_MAX = 32;

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  if (request.uri === '/') request.uri = '/home.html';
  else request.uri = negotiated(request);
  return request;
}

const negotiated = (request) => {
  const path = request.uri.length > 1 ? request.uri.replace(/\/$/, '') : request.uri;
  const kind = KINDS.filter((candidate) => candidate.pattern.test(path))[0];
  if (kind === undefined || FILE.test(path)) return request.uri;
  return path + wantedForm(kind.forms, rangesOf(acceptOf(request))).suffix;
};

/** A header that came more than once has all its values in `multiValue`. */
const acceptOf = (request) => {
  const header = request.headers ? request.headers.accept : undefined;
  if (!header) return '';
  const values = Array.isArray(header.multiValue) ? header.multiValue.map((entry) => entry.value) : [header.value];
  return values
    .filter((value) => typeof value === 'string')
    .join(',')
    .slice(0, ACCEPT_LENGTH_MAX);
};

/** RFC 9110, 12.5.1. A quoted parameter, such as the profile of `application/ld+json`, may contain commas: it goes first. */
const rangesOf = (accept) =>
  accept
    .replace(/"[^"]*"/g, '')
    .split(',')
    .slice(0, RANGES_MAX)
    .map((text, position) => ({ type: text.split(';')[0].trim().toLowerCase(), quality: qualityOf(text), position: position }))
    .filter((range) => range.type !== '');

const qualityOf = (text) => {
  const found = /;\s*q\s*=\s*([0-9.]+)/i.exec(text);
  const quality = found === null ? 1 : Number.parseFloat(found[1]);
  return quality >= 0 && quality <= 1 ? quality : 1;
};

const wantedForm = (forms, ranges) => {
  let best = { form: forms[0], quality: 0, specificity: -1, position: 0 };
  forms.forEach((form) => {
    form.types.forEach((type) => {
      const match = matchOf(type, ranges);
      if (match.quality > 0 && isBetter(match, best))
        best = { form: form, quality: match.quality, specificity: match.specificity, position: match.position };
    });
  });
  return best.form;
};

/** What the header says of a type: its most specific range counts, even if that one refuses it (`q=0`). */
const matchOf = (type, ranges) => {
  let match = { quality: 0, specificity: -1, position: 0 };
  ranges.forEach((range) => {
    const specificity = [`*/*`, `${type.split('/')[0]}/*`, type].indexOf(range.type);
    if (specificity > match.specificity) match = { quality: range.quality, specificity: specificity, position: range.position };
  });
  return match;
};

/** Equal quality: who names a type means it more than who says `*`, and first named means first wanted. */
const isBetter = (one, other) => {
  if (one.quality !== other.quality) return one.quality > other.quality;
  if (one.specificity !== other.specificity) return one.specificity > other.specificity;
  return one.position < other.position;
};
