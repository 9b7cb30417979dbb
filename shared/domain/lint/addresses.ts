/** Web addresses: whoever reads a badge can follow them, and every verifier writes them in the same way. */
import { pointerTo } from '../pointer.ts';
import { error, type Finding, type LintFamily, unless, warning } from './finding.ts';
import { remedyFor, type Text, textsIn } from './texts.ts';

/** Places whose address stands in every badge. */
const IN_BADGE =
  /^\/(image\/id|criteria\/id|issuer\/(?!id$).+|competencies\/\d+\/alignment\/\d+\/targetUrl|workload\/creditPoint\/frameworkId|level\/\w+\/id|qualityAssurance\/externalBody\/url)$/;

/** Identifiers that somebody else has given, many of them with `http:`: changing a letter would name another thing, or none. */
const GIVEN_BY_OTHERS = /^\/(competencies\/\d+\/alignment\/\d+\/targetUrl|workload\/creditPoint\/frameworkId|level\/\w+\/id)$/;

/** Names that no public directory answers for. @see RFC 6761, RFC 6762, RFC 8375; `internal` is reserved by ICANN */
const PRIVATE_NAME = /^[^.]+$|(^|\.)(localhost|local|internal|intranet|lan|corp|home|test|invalid|home\.arpa)$/;

/** @see RFC 6890, the blocks that are not global */
const PRIVATE_NUMBER = /^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.[\d.]+$/;

const isPrivate = ({ hostname }: URL): boolean => {
  const host = hostname.replace(/\.$/, '');
  return PRIVATE_NUMBER.test(host) || PRIVATE_NAME.test(host);
};

/** As a parser writes it; a bare host may go without its slash. */
const isNormal = (value: string, { href }: URL): boolean => href === value || href === `${value}/`;

const address = (text: Text, url: URL): readonly Finding[] => {
  const { path, value } = text;
  const pointer = pointerTo(path);
  const outOfReach = IN_BADGE.test(pointer) ? error : warning;
  const given = GIVEN_BY_OTHERS.test(pointer);
  return [
    ...unless(
      !isPrivate(url),
      outOfReach(
        path,
        'lint/address-private',
        `Nobody outside can reach "${url.hostname}". Give an address on the public web.${remedyFor(text)}`,
      ),
    ),
    ...unless(
      given || url.protocol === 'https:',
      warning(
        path,
        'lint/address-not-secure',
        `"${value}" can be changed on its way to the reader. Use https:// if the site offers it.${remedyFor(text)}`,
      ),
    ),
    ...unless(
      given || isNormal(value, url),
      warning(
        path,
        'lint/address-not-normal',
        `Some tools would rewrite this address as "${url.href}", and the signature would no longer fit. Write it so from the start.${remedyFor(text)}`,
      ),
    ),
  ];
};

const WEB_ADDRESS = /^https?:\/\/\S+$/i;

/** What is wrong with one text as an address; nothing if it is none. */
export const addressFindings = (text: Text): readonly Finding[] =>
  text.path[0] !== '$schema' && WEB_ADDRESS.test(text.value) && URL.canParse(text.value) ? address(text, new URL(text.value)) : [];

export const lintAddresses: LintFamily = (definition, context) => textsIn(definition, context).flatMap(addressFindings);
