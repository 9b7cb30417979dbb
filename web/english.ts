/** Every sentence of the public pages, in English. A language is another object of this type. */
import type { PublicReason } from '#domain/credential.ts';
import { type Content, type Html, html } from './html.ts';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** A day in words, and exactly for machines. */
const day = (instant: string): Html => html`<time datetime="${instant}">${DATE.format(new Date(instant))}</time>`;
const moment = (instant: string): Html => html`<time datetime="${instant}">${TIME.format(new Date(instant))} UTC</time>`;

const UNITS = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const;
const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** An ISO 8601 duration in words; a text that is none, as it is. */
const duration = (text: string): string => {
  const parts = (DURATION.exec(text) ?? []).slice(1).map((digits: string | undefined) => Number(digits ?? 0));
  const named = parts.flatMap((count, place) => (count === 0 ? [] : [`${count} ${UNITS[place]}${count === 1 ? '' : 's'}`]));
  return named.length === 0 ? text : named.join(' ');
};

const REASONS: Readonly<Record<PublicReason, string>> = {
  'issued-in-error': 'It was issued in error.',
  'requirements-not-met': 'The requirements were found not to be met.',
  superseded: 'It was replaced by another award.',
  'holder-request': 'The holder asked for it.',
  'issuer-policy': 'The policy of the issuer asks for it.',
  'key-compromise': 'The key that signed it is no longer trusted.',
};

/** Both pages say it of the same number. */
const CREDITS = 'Credit points';

export const ENGLISH = {
  language: 'en',
  day,
  moment,
  duration,
  footer: 'Published with Assay. This page has no scripts and no trackers.',
  standing: {
    valid: {
      banner: html`Verified and current`,
      line: ({ issuer }: { issuer: Content }) => html`The signature is genuine, it was issued by ${issuer} and it has not been withdrawn.`,
    },
    expired: {
      banner: (on: string) => html`Genuine, but expired on ${day(on)}`,
      line: ({ holder, earned }: { holder: Content; earned: string }) =>
        html`${holder} met the requirements on ${day(earned)}. The award has not been renewed.`,
    },
    'not-yet-valid': {
      banner: (from: string) => html`Genuine, valid from ${day(from)}`,
      line: html`Do not rely on it before that date.`,
    },
    suspended: {
      banner: (since: string) => html`On hold since ${day(since)}`,
      line: ({ issuer }: { issuer: Content }) =>
        html`${issuer} has paused this award while it checks a question. Ask the issuer before relying on it.`,
    },
    revoked: {
      banner: (on: string) => html`Withdrawn by the issuer on ${day(on)}`,
      line: (reason: PublicReason) => html`Do not rely on it. Reason published by the issuer: ${REASONS[reason]}`,
    },
    asOf: (at: string) => html`Status as published on ${moment(at)}.`,
    endsOn: (at: string) => html`It is valid until ${day(at)}.`,
  },
  credential: {
    title: (achievement: string, issuer: string) => `${achievement}, awarded by ${issuer}`,
    description: (achievement: string, issuer: string) => `A verifiable record that ${achievement} was awarded by ${issuer}.`,
    hiddenHolder: 'The holder of this link',
    anyHolder: 'The holder',
    earned: ({ holder, achievement, issuer, on }: { holder: Content; achievement: Content; issuer: Content; on: string }) =>
      html`${holder} earned <strong>${achievement}</strong>, a micro-credential awarded by <strong>${issuer}</strong> on ${day(on)}.`,
    imageAlt: (achievement: string, issuer: string) => `${achievement}, awarded by ${issuer}`,
    competencies: 'What the holder can do',
    frameworks: 'Skills frameworks',
    proof: 'How it was proven',
    proofLead: 'Evidence was handed in and judged against a published rubric. It was reviewed and is held privately by the issuer.',
    assessedBy: 'Assessed by',
    judged: 'Digest of what was judged',
    kind: 'Kind',
    levels: 'Levels reached',
    criterion: 'Criterion',
    level: 'Level reached',
    rubric: 'The requirements and the rubric',
    demand: 'How demanding it was',
    criteria: 'Criteria',
    annex: 'Stated as the European recommendation on micro-credentials asks',
    field: 'Field of study',
    credits: CREDITS,
    awarded: 'Awarded',
    validUntil: 'Valid until',
    noEnd: 'without end',
    issuer: 'Who stands behind it',
    domain: 'Signed by a key published at',
    details: 'Proof details',
    id: 'Credential',
    suite: 'Type of proof',
    key: 'Key',
    signedOn: 'Signed',
    statusList: 'Status list',
    statusIndex: (index: string) => `place ${index}`,
    verifyYourself: 'Verify it yourself',
    verifyHow: 'Any Open Badges 3.0 verifier accepts the signed file. It can be fetched from this very address:',
    file: 'The signed badge (Open Badges 3.0, JSON)',
    keys: 'The keys of the issuer',
    share: 'Share and correct',
    shareHow: 'To share this record, pass on its address:',
    concern: 'Report a concern about this record to the issuer',
  },
  profile: {
    name: 'Name',
    website: 'Website',
    country: 'Country',
    contact: 'Contact for questions',
    did: 'Identifier',
  },
  achievement: {
    description: (name: string, issuer: string) => `What it takes to earn ${name} from ${issuer}.`,
    lead: (issuer: Content, version: string) => html`A micro-credential of ${issuer}, version ${version}.`,
    requirements: 'What it takes',
    prerequisites: 'Before you begin',
    competencies: 'What you will be able to do',
    outcomes: 'Learning outcomes',
    curriculum: 'Supporting curriculum',
    curriculumRequired: 'All of it must be completed.',
    curriculumOptional: 'It is offered as help; what counts is the evidence.',
    evidence: 'What you hand in',
    evidenceRequired: 'Required',
    evidenceOptional: 'Optional',
    judgedBy: (criteria: number) => `Judged by ${criteria === 1 ? '1 criterion' : `${criteria} criteria`}`,
    alternatives: 'Other ways to show it',
    rubrics: 'The rubric',
    rubricsLead: 'Assessors use exactly this one.',
    critical: 'must be met whatever else is reached',
    required: 'required',
    facts: 'At a glance',
    workload: 'Notional workload',
    level: 'Level',
    eqf: (level: string, basis: string | undefined) =>
      `European Qualifications Framework ${level}${basis === undefined ? '' : ` (${basis})`}`,
    credits: CREDITS,
    mode: 'Form of participation',
    modes: { online: 'online', presential: 'in person', blended: 'blended', 'work-based': 'work-based' },
    assessment: 'Type of assessment',
    assessments: { Exam: 'examination', Performance: 'observed performance', Artifact: 'work handed in' },
    supervision: 'Supervision and identity check',
    marking: 'Who decides',
    schemes: {
      single: 'one independent assessor',
      'single-with-moderation': 'one independent assessor; a sample is looked at again',
      'conditional-double': 'one independent assessor, and a second one where the first gives reason',
      'double-blind': 'two independent assessors, neither of whom sees the other’s mark',
    },
    attempts: 'Attempts',
    decision: 'Decision within',
    appeals: 'Appeals',
    appealsWithin: (window: string) => `within ${window} of the decision`,
    quality: 'Quality assurance',
    validity: 'Validity',
    country: 'Country of the issuer',
    leads: 'Where it leads',
    countsTowards: (name: string) => `Counts towards ${name}`,
    recognised: (by: Content, as: Content) => html`${by}: ${as}`,
    file: 'This achievement as Open Badges 3.0 (JSON)',
  },
  issuer: {
    description: (name: string) => `${name} awards micro-credentials that can be verified by anyone.`,
    about: 'About the issuer',
    verify: 'For verifiers',
    didDocument: 'DID document',
    keys: 'Keys',
    profile: 'Profile (Open Badges 3.0, JSON)',
  },
  home: {
    title: 'Assay',
    line: 'Badges that exist if, and only if, learning was proven: evidence was handed in, judged against a published rubric, and every requirement was met.',
    where: 'Each badge stands at an address of its own, which its holder can give you. Nothing is listed here.',
  },
  notFound: {
    title: 'No public record at this address',
    line: 'Check the link, or ask the holder for a new one.',
  },
};

export type Messages = typeof ENGLISH;
