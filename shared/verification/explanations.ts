/** What each outcome of a check means, in a sentence for whoever holds the badge or was shown it. */
import type { Check, CheckName, FailureCode, ObstacleCode } from '#openbadges/check.ts';

const PASSED: Readonly<Record<CheckName, string>> = {
  schema: 'It has the form of a badge.',
  issuer: 'It was made by the issuer that it names.',
  holder: 'It was presented by the holder that it names.',
  proof: 'It is unchanged since it was made.',
  refresh: 'The issuer has a newer copy, and that one was checked.',
  status: 'The issuer has neither withdrawn it nor put it on hold.',
  validity: 'It is valid today.',
  recipient: 'It was awarded to this e-mail address.',
  endorsements: 'Every endorsement that came with it is valid.',
  'related-resources': 'What it refers to is unchanged.',
  credentials: 'Every credential in it is valid.',
};

const FAILED: Readonly<Record<FailureCode, string>> = {
  'schema/malformed': 'It lacks something that every badge has, or has it in another form.',
  'schema/too-large': 'It is larger, or nested deeper, than any badge.',
  'issuer/not-the-key-holder': 'It was signed with a key that is not the issuer’s.',
  'issuer/other-origin': 'It stands at an address for which the issuer does not vouch.',
  'holder/not-the-key-holder': 'It was presented with a key that is not the holder’s.',
  'proof/missing': 'Nobody has signed it.',
  'proof/malformed': 'Its signature lacks something, or is written in a form that the standard does not have.',
  'proof/not-genuine': 'It was changed after it was signed, or the signature is someone else’s.',
  'proof/expired': 'Its signature was only good for a time that is over.',
  'proof/not-yet': 'Its signature is only good from a later day.',
  'proof/key-not-published': 'The key that signed it is not among those that its owner publishes.',
  'proof/key-not-for-this': 'The key that signed it may not be used to issue badges.',
  'proof/key-revoked': 'The key that signed it was withdrawn.',
  'proof/key-expired': 'The key that signed it was only good for a time that is over.',
  'proof/wrong-key': 'The key that it names is of another kind than its signature.',
  'proof/wrong-purpose': 'Its signature was made for another purpose than to issue a badge.',
  'proof/wrong-challenge': 'It was presented to someone else, or at another time.',
  'proof/wrong-domain': 'It was presented somewhere else.',
  'proof/broken-chain': 'A signature that another one builds on is missing.',
  'proof/unsigned-content': 'Part of it is not covered by the signature.',
  'proof/hidden-statements': 'Its signature covers statements that its text does not show.',
  'proof/claims-differ': 'The signed message says something else than the badge in it.',
  'proof/not-as-hosted': 'Its own address answers with something else.',
  'status/malformed': 'Where it should say how to learn its status, it does not.',
  'status/revoked': 'The issuer has withdrawn it.',
  'status/suspended': 'The issuer has put it on hold.',
  'status/raised': 'The issuer has marked it as no longer good.',
  'validity/not-yet': 'It is only valid from a later day.',
  'validity/expired': 'It is no longer valid: its time is over.',
  'recipient/different': 'It was awarded to another e-mail address.',
  'endorsements/not-valid': 'An endorsement that came with it is not valid.',
  'endorsements/about-another': 'An endorsement that came with it is about something else.',
  'related-resources/different': 'Something that it refers to has changed.',
  'credentials/not-valid': 'A credential in it is not valid.',
};

const NOT_CHECKED: Readonly<Record<ObstacleCode, string>> = {
  'issuer/unsupported': 'The issuer is named in a way that is not understood here.',
  'issuer/unreachable': 'The issuer’s address does not answer.',
  'issuer/not-confirmed': 'Who made it could not be confirmed.',
  'holder/not-confirmed': 'Who presented it could not be confirmed.',
  'proof/unsupported': 'It is signed in a way that is not understood here.',
  'proof/key-unsupported': 'Its key is named in a way that is not understood here.',
  'proof/key-unreachable': 'The address of its key does not answer.',
  'proof/unknown-context': 'It uses a vocabulary that is not known here.',
  'proof/too-complex': 'Checking its signature would take too long.',
  'proof/hosted-unreachable': 'Its own address does not answer with it.',
  'refresh/unsupported': 'Whether there is a newer copy is to be asked in a way that is not understood here.',
  'refresh/unreachable': 'Where a newer copy would be, nothing answers; this copy was checked.',
  'refresh/not-genuine': 'What is offered as a newer copy is not genuine; this copy was checked.',
  'status/unsupported': 'Its status is to be asked in a way that is not understood here.',
  'status/unreachable': 'The issuer’s status list does not answer.',
  'status/proof-needed': 'Its status is only asked once the signature is known to be good.',
  'status/list-not-genuine': 'The status list is not the issuer’s, or is out of date.',
  'status/message': 'The issuer has left a message about it that only a person can weigh.',
  'endorsements/not-checked': 'An endorsement that came with it could not be checked.',
  'endorsements/too-many': 'It has more endorsements than are checked at once.',
  'related-resources/unreachable': 'Something that it refers to does not answer.',
  'related-resources/unsupported': 'What it refers to is described in a way that is not understood here.',
  'credentials/not-checked': 'A credential in it could not be checked.',
};

/** The sentence for one check. */
export const explanationOf = (check: Check): string => {
  switch (check.state) {
    case 'passed':
      return PASSED[check.name];
    case 'failed':
      return FAILED[check.code];
    case 'not-checked':
      return NOT_CHECKED[check.code];
  }
};
