// biome-ignore-all format: a case is a line, so that all rules of publication stand on one screen
/** What publication refuses or points out: every rule by at least one change to a sample. */
import type { LintContext } from '#domain/lint/finding.ts';
import type { Json, SampleName } from './definitions.ts';

type Changes = Readonly<Record<string, Json | undefined>>;

/** [what is wrong, what was changed in the sample, the code, where] */
export type Case = readonly [title: string, name: SampleName, changes: Changes, code: string, pointer: string];

export const COACHING = 'coaching-and-mentoring';
export const STACK = 'data-communicator';
export const STORY = 'data-storytelling';
export const CLINIC = 'infection-prevention-clinic-staff';

const pass = (evidence: string): Json => ({ evidence, outcome: 'pass' });
export const ATTENDED: Json = { curriculum: '*', outcome: 'completed' };
export const THREE = ['skill-demonstration', 'portfolio', 'reflection'].map(pass);

export const ERRORS: readonly Case[] = [
  ['a competency that nothing assesses', STACK, { '/rubrics/0/criteria/0/competency': 'elsewhere' }, 'lint/competency-not-assessed', '/competencies/0'],
  ['a criterion for a competency that does not exist', STACK, { '/rubrics/0/criteria/0/competency': 'elsewhere' }, 'lint/unknown-competency', '/rubrics/0/criteria/0/competency'],
  ['a component for a competency that does not exist', STORY, { '/evidenceRequirements/0/competencies/0': 'x' }, 'lint/unknown-competency', '/evidenceRequirements/0/competencies/0'],
  ['a module for a competency that does not exist', STORY, { '/curriculum/modules/0/supports/0': 'x' }, 'lint/unknown-competency', '/curriculum/modules/0/supports/0'],
  ['a module that supports nothing', STORY, { '/curriculum/modules/1/supports': [] }, 'lint/module-without-competency', '/curriculum/modules/1/supports'],
  ['a component that shows nothing', STORY, { '/evidenceRequirements/2/competencies': [] }, 'lint/component-without-competency', '/evidenceRequirements/2/competencies'],
  ['a required level off the scale', STORY, { '/rubrics/0/criteria/1/requiredLevel': 'perfect' }, 'lint/unknown-level', '/rubrics/0/criteria/1/requiredLevel'],
  ['levels whose points fall', STORY, { '/rubrics/0/criteria/0/levels/2/points': 1 }, 'lint/levels-not-rising', '/rubrics/0/criteria/0/levels/2/points'],
  ['levels that are not the scale', STORY, { '/rubrics/0/scale': ['basic', 'not-yet', 'passing'] }, 'lint/scale-differs', '/rubrics/0/criteria/0/levels'],
  ['a pass rule that asks for more criteria than there are', CLINIC, { '/rubrics/1/passRule/minMet': 13 }, 'lint/pass-out-of-reach', '/rubrics/1/passRule'],
  ['a pass rule that asks for more points than there are', STORY, { '/rubrics/0/passRule': { type: 'points-at-least', min: 5 } }, 'lint/pass-out-of-reach', '/rubrics/0/passRule'],
  ['a pass rule that nobody can miss', STORY, { '/rubrics/2/passRule': { type: 'score-at-least', min: 0 } }, 'lint/pass-without-proof', '/rubrics/2/passRule'],
  ['required levels that nobody can miss', STORY, { '/rubrics/2/criteria/0/requiredLevel': 'not-yet' }, 'lint/pass-without-proof', '/rubrics/2/passRule'],
  ['a rubric that nothing uses', STORY, { '/evidenceRequirements/2/rubricId': 'r-story' }, 'lint/rubric-unused', '/rubrics/2'],
  ['a component without its rubric', STORY, { '/evidenceRequirements/2/rubricId': 'r-gone' }, 'lint/unknown-rubric', '/evidenceRequirements/2/rubricId'],
  ['more items at least than at most', COACHING, { '/evidenceRequirements/1/minItems': 9 }, 'lint/items-reversed', '/evidenceRequirements/1/minItems'],
  ['files without a word on which', STORY, { '/evidenceRequirements/0/accepts': [] }, 'lint/no-file-accepted', '/evidenceRequirements/0/accepts'],
  ['required evidence of which none is asked', COACHING, { '/evidenceRequirements/1/minItems': 0 }, 'lint/evidence-optional', '/evidenceRequirements/1/minItems'],
  ['a component that takes nothing from anywhere', CLINIC, { '/evidenceRequirements/0/source': undefined }, 'lint/nothing-to-judge', '/evidenceRequirements/0/maxItems'],
  ['a media type that no file has', STORY, { '/evidenceRequirements/0/accepts/0/mediaTypes/1': 'vidio/webm' }, 'lint/unknown-media-type', '/evidenceRequirements/0/accepts/0/mediaTypes/1'],
  ['a companion of a type that no file has', STORY, { '/evidenceRequirements/0/companions/0/mediaTypes/0': 'txt/vtt' }, 'lint/unknown-media-type', '/evidenceRequirements/0/companions/0/mediaTypes/0'],
  ['a shortest recording longer than the longest', STORY, { '/evidenceRequirements/0/accepts/0/minDurationSeconds': 400 }, 'lint/duration-reversed', '/evidenceRequirements/0/accepts/0/minDurationSeconds'],
  ['a shortest text longer than the longest', STORY, { '/evidenceRequirements/2/accepts/0/minWords': 501 }, 'lint/words-reversed', '/evidenceRequirements/2/accepts/0/minWords'],
  ['evidence that is public though the learner may not publish it', CLINIC, { '/evidenceRequirements/1/visibility/default': 'public' }, 'lint/visibility-contradiction', '/evidenceRequirements/1/visibility/default'],
  ['publication for which no consent is asked', STACK, { '/evidenceRequirements/0/consent/optionalPurposes': [] }, 'lint/publish-without-consent', '/evidenceRequirements/0/consent/optionalPurposes'],
  ['a rule that attendance alone makes true', CLINIC, { '/award/rule': ATTENDED }, 'lint/attendance-only', '/award/rule'],
  ['a rule that a signed statement alone makes true', COACHING, { '/award/rule': { attestation: 'Was there.' } }, 'lint/attendance-only', '/award/rule'],
  ['a rule with attendance as an alternative to evidence', CLINIC, { '/award/rule': { atLeast: 1, of: [ATTENDED, pass('practical')] } }, 'lint/attendance-only', '/award/rule'],
  ['a renewal by attendance alone', COACHING, { '/award/renewal/requires': { attestation: '10 hours of practice' } }, 'lint/attendance-only', '/award/renewal/requires'],
  ['a rule that can never come true', COACHING, { '/award/rule': { atLeast: 4, of: THREE } }, 'lint/rule-unsatisfiable', '/award/rule'],
  ['a required component that the rule leaves out', COACHING, { '/award/rule/allOf': THREE.slice(0, 2) }, 'lint/required-component-not-in-rule', '/evidenceRequirements/2/required'],
  ['a required component that the rule names but can be passed by', COACHING, { '/award/rule': { atLeast: 2, of: THREE } }, 'lint/required-component-not-in-rule', '/evidenceRequirements/0/required'],
  ['a required curriculum that the rule leaves out', CLINIC, { '/award/rule/allOf/0': undefined }, 'lint/required-curriculum-not-in-rule', '/curriculum/required'],
  ['a rule about a component that does not exist', COACHING, { '/award/rule/allOf/1/evidence': 'exam' }, 'lint/unknown-component', '/award/rule/allOf/1/evidence'],
  ['a renewal about a component that does not exist', COACHING, { '/award/renewal/requires/allOf/0/evidence': 'exam' }, 'lint/unknown-component', '/award/renewal/requires/allOf/0/evidence'],
  ['a rule about a module that does not exist', CLINIC, { '/award/rule/allOf/0/curriculum': 'u9' }, 'lint/unknown-module', '/award/rule/allOf/0/curriculum'],
  ['a rule about all modules where there are none', STACK, { '/award/rule/allOf/0': ATTENDED }, 'lint/unknown-module', '/award/rule/allOf/0/curriculum'],
  ['a condition that counts twice', STACK, { '/award/rule/allOf/1/of/2/credential': 'chart-literacy' }, 'lint/rule-repeated', '/award/rule/allOf/1/of/2'],
  ['a micro-credential that needs itself', STACK, { '/award/rule/allOf/0/credential': STACK }, 'lint/self-reference', '/award/rule/allOf/0/credential'],
  ['a stack that is silent about revoked parts', STACK, { '/award/onComponentRevoked': undefined }, 'lint/component-revocation-undecided', '/award/onComponentRevoked'],
  ['a stack that lists what the rule does not ask', STACK, { '/stackability/components/3': 'cartography' }, 'lint/stack-differs', '/stackability/components/3'],
  ['a stack that does not list what the rule asks', STACK, { '/stackability/components': undefined }, 'lint/stack-differs', '/stackability'],
  ['a badge that expires at birth', CLINIC, { '/award/validity/period': 'P0D' }, 'lint/validity-zero', '/award/validity/period'],
  ['a renewal of what never expires', COACHING, { '/award/validity': null }, 'lint/renewal-without-validity', '/award/renewal'],
  ['a renewal that opens before the award', CLINIC, { '/award/renewal/opensBefore': 'P2Y' }, 'lint/renewal-too-early', '/award/renewal/opensBefore'],
  ['a random sample without a rate', COACHING, { '/assessmentPolicy/marking/randomSampleRate': undefined }, 'lint/sample-rate-missing', '/assessmentPolicy/marking/randomSampleRate'],
  ['moderation of nothing', STORY, { '/assessmentPolicy/marking': { scheme: 'single-with-moderation' } }, 'lint/moderation-empty', '/assessmentPolicy/marking/moderationSampleRate'],
  ['double-blind marking in sight of the other mark', CLINIC, { '/assessmentPolicy/marking/blindToOtherMarker': false }, 'lint/double-blind-not-blind', '/assessmentPolicy/marking/blindToOtherMarker'],
  ['a marking scheme for a component that does not exist', CLINIC, { '/assessmentPolicy/marking/appliesTo/0': 'essay' }, 'lint/unknown-component', '/assessmentPolicy/marking/appliesTo/0'],
  ['a wait that uses up the time to revise', COACHING, { '/assessmentPolicy/attempts/coolingOff': 'P60D' }, 'lint/no-time-to-revise', '/assessmentPolicy/attempts/coolingOff'],
  ['all marks public without being asked', STACK, { '/award/resultsInCredential': 'full', '/privacy/defaultVisibility': 'public' }, 'lint/results-public-without-choice', '/award/resultsInCredential'],
  ['private badges in search engines', STACK, { '/privacy/searchIndexing': true }, 'lint/indexing-contradiction', '/privacy/searchIndexing'],
  ['no level, not even in words', STACK, { '/level': {} }, 'lint/annex-i', '/level'],
  ['no workload', STACK, { '/workload/volumeOfLearning': 'PT0H' }, 'lint/annex-i', '/workload/volumeOfLearning'],
  ['the name of a licence', STACK, { '/achievementType': 'License' }, 'lint/achievement-type-reserved', '/achievementType'],
  ['the name of a certification', STACK, { '/achievementType': 'Certification' }, 'lint/achievement-type-reserved', '/achievementType'],
  ['the name of a licence in disguise', STACK, { '/achievementType': 'ext:licence' }, 'lint/achievement-type-reserved', '/achievementType'],
  ['an image that a blind reader cannot know', STACK, { '/image/caption': undefined }, 'lint/image-without-caption', '/image/caption'],
  ['a version that takes over from itself', CLINIC, { '/supersedes/version': '2.1.0' }, 'lint/supersedes-not-older', '/supersedes/version'],
  ['two competencies of one id', STORY, { '/competencies/2/id': 'honest-visuals' }, 'lint/duplicate-id', '/competencies/2/id'],
  ['two learning outcomes of one id', STORY, { '/competencies/2/learningOutcomes/0/id': 'ad1' }, 'lint/duplicate-id', '/competencies/2/learningOutcomes/0/id'],
  ['two modules of one id', STORY, { '/curriculum/modules/2/id': 's1' }, 'lint/duplicate-id', '/curriculum/modules/2/id'],
  ['two components of one id', STORY, { '/evidenceRequirements/1/id': 'story-video' }, 'lint/duplicate-id', '/evidenceRequirements/1/id'],
  ['two rubrics of one id', STORY, { '/rubrics/1/id': 'r-story' }, 'lint/duplicate-id', '/rubrics/1/id'],
  ['two criteria of one id in different rubrics', STORY, { '/rubrics/1/criteria/0/id': 'st-claim' }, 'lint/duplicate-id', '/rubrics/1/criteria/0/id'],
  ['two levels of one id', STORY, { '/rubrics/0/criteria/0/levels/1/id': 'not-yet' }, 'lint/duplicate-id', '/rubrics/0/criteria/0/levels/1/id'],
  ['a tab', STACK, { '/description': `A\ttab ${'and text '.repeat(8)}` }, 'lint/control-character', '/description'],
  ['a carriage return', STACK, { '/description': `A line\r\n${'and text '.repeat(8)}` }, 'lint/control-character', '/description'],
  ['a C1 control character', STACK, { '/tags/0': 'data\u0085' }, 'lint/control-character', '/tags/0'],
  ['an emoji beside full-width characters', STACK, { '/tags/0': 'data 📊', '/tags/1': '重要！' }, 'lint/text-order', '/tags/0'],
  ['an emoji beside a full-width character in one text', STACK, { '/tags/0': '📊！' }, 'lint/text-order', '/tags/0'],
];

export const WARNINGS: readonly Case[] = [
  ['a competency linked to no framework', STACK, { '/competencies/0/alignment': [] }, 'lint/competency-not-aligned', '/competencies/0/alignment'],
  ['a competency that a holder may never have shown', STORY, { '/evidenceRequirements/2/required': false, '/evidenceRequirements/0/required': false, '/award/rule/allOf': [pass('annotated-analysis')] }, 'lint/competency-not-certain', '/competencies/0'],
  ['a claim that the rubric does not judge', CLINIC, {}, 'lint/competency-not-judged-here', '/evidenceRequirements/0/competencies/1'],
  ['a judgement that the component does not claim', COACHING, {}, 'lint/competency-not-claimed-here', '/evidenceRequirements/0/competencies'],
  ['a criterion that nobody can miss', STORY, { '/rubrics/0/criteria/0/requiredLevel': 'not-yet' }, 'lint/criterion-cannot-fail', '/rubrics/0/criteria/0/requiredLevel'],
  ['consent that is asked and not used', COACHING, {}, 'lint/consent-not-used', '/evidenceRequirements/0/visibility/learnerMayPublish'],
  ['files kept longer than their record', STACK, { '/evidenceRequirements/0/retention/thenKeepFor': 'P11Y' }, 'lint/retention-reversed', '/evidenceRequirements/0/retention/metadataKeptFor'],
  ['an optional component without which nothing goes', STACK, { '/evidenceRequirements/0/required': false }, 'lint/component-not-optional', '/evidenceRequirements/0/required'],
  ['an optional component that has no effect', STORY, { '/evidenceRequirements/2/required': false, '/award/rule/allOf/2': undefined }, 'lint/component-without-effect', '/evidenceRequirements/2/required'],
  ['markers who see the learner for no stated reason', STACK, { '/assessmentPolicy/marking/blindToLearnerReason': undefined }, 'lint/reason-missing', '/assessmentPolicy/marking/blindToLearnerReason'],
  ['adjudication that waits for a moderator who is not there', STACK, { '/assessmentPolicy/adjudication/trigger': 'moderator-disagrees-on-outcome' }, 'lint/adjudication-never', '/assessmentPolicy/adjudication/trigger'],
  ['no image', STACK, { '/image': undefined }, 'lint/image-missing', '/image'],
  ['a workload whose parts do not add up', COACHING, { '/workload/breakdown/guided': 'PT16H' }, 'lint/workload-differs', '/workload/breakdown'],
  ['a citation still to come', STORY, {}, 'lint/placeholder-citation', '/qualityAssurance/researchBasis/0'],
  ['an issuer that cannot be reached', STACK, { '/issuer/email': undefined }, 'lint/issuer-without-contact', '/issuer'],
];

/** [what is wrong, the sample, what is known around it, the code, where] */
export const IN_CONTEXT: readonly (readonly [string, SampleName, LintContext, 'errors' | 'warnings', string, string])[] = [
  ['an issuer other than the one that publishes', STACK, { issuerIdentifier: 'urn:example:other' }, 'errors', 'lint/issuer-differs', '/issuer/id'],
  ['a version that is published already', STACK, { publishedVersions: ['1.0.0'] }, 'errors', 'lint/version-not-newer', '/version'],
  ['a version lower than the newest', STORY, { publishedVersions: ['1.10.0', '1.1.0'] }, 'errors', 'lint/version-not-newer', '/version'],
  ['an earlier version that was never published', CLINIC, { publishedVersions: ['1.0.0'] }, 'warnings', 'lint/supersedes-unpublished', '/supersedes/version'],
  ['a stack on what nobody offers', STACK, { knownMicroCredentials: [] }, 'warnings', 'lint/stack-component-unknown', '/stackability/components/0'],
  ['a stack on a version that nobody offers', STACK, { knownMicroCredentials: [{ id: STORY, version: '0.9.0' }] }, 'warnings', 'lint/stack-component-unknown', '/stackability/components/0'],
];
