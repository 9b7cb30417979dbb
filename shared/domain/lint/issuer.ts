/** The issuer as the definition tells of it and as it is registered: badges take the registered profile. */
import type { IssuerProfile } from '../micro-credential.ts';
import { pointerTo } from '../pointer.ts';
import { addressFindings } from './addresses.ts';
import { error, type Finding, type LintFamily, type Path, unless, warning } from './finding.ts';
import { textFindings } from './text.ts';
import { textsOf } from './texts.ts';

/** ISO 3166-1 alpha-2, officially assigned codes; `XK` stands for Kosovo in European vocabularies. */
const COUNTRIES = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK ' +
    'CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS ' +
    'GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV ' +
    'LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM ' +
    'PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR ' +
    'TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
  ).split(' '),
);

const ISSUER = 'issuer';

const COUNTRY: Path = [ISSUER, 'address', 'addressCountryCode'];

const country = (code: string): readonly Finding[] =>
  unless(
    code === '' || COUNTRIES.has(code),
    error(COUNTRY, 'lint/unknown-country', `"${code}" is the code of no country. Use the two letters of ISO 3166-1, such as "IE" or "GB".`),
  );

/** What a badge tells of its issuer. */
const TOLD = /^\/issuer\/(name|url|email|description|address\/.+|image\/.+)$/;

const differences: LintFamily = ({ issuer }, { registeredProfile }) => {
  if (registeredProfile === undefined) return [];
  const [said, registered] = [issuer, registeredProfile].map(
    (profile) => new Map(textsOf(profile, ['issuer']).map(({ path, value }) => [pointerTo(path), { path, value }])),
  );
  const places = new Map([...(registered ?? []), ...(said ?? [])]);
  return [...places].flatMap(([pointer, { path }]) => {
    const [here, there] = [said?.get(pointer)?.value, registered?.get(pointer)?.value];
    return unless(
      here === there || !TOLD.test(pointer),
      warning(
        path,
        'lint/issuer-profile-differs',
        `Badges will say ${there === undefined ? 'nothing here' : `"${there}"`}, as the issuer is registered, and not ${here === undefined ? 'nothing' : `"${here}"`}. Change the definition, or register the profile anew.`,
      ),
    );
  });
};

/** What is wrong with a profile by itself, at its registration: from then on badges tell it, whatever was published before. Places are those of the profile. */
export const profileFindings = (profile: IssuerProfile): readonly Finding[] =>
  [
    ...textsOf(profile, [ISSUER]).flatMap((text) => [...textFindings(text), ...addressFindings(text)]),
    ...country(profile.address.addressCountryCode),
  ].map((finding) => ({ ...finding, pointer: finding.pointer.slice(`/${ISSUER}`.length) }));

export const lintIssuer: LintFamily = (definition, context) => {
  const codes = new Set([definition.issuer, context.registeredProfile].map((profile) => profile?.address.addressCountryCode ?? ''));
  return [...[...codes].flatMap(country), ...differences(definition, context)];
};
