import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Subject } from '#domain/ids.ts';
import { isSamePerson, normalEmail } from '#domain/person.ts';
import { aLearner, anAssessor } from '../factories.ts';

describe('an e-mail address', () => {
  it.each([
    ['maya@members.example', 'Maya@Members.Example'],
    ['maya@members.example', ' maya@members.example\n'],
    ['maya@members.example', 'maya+assessor@members.example'],
    ['maya@members.example', 'MAYA+a+b@members.example'],
    ['maya@members.example', 'ｍａｙａ@members.example'],
    ['jos\u00e9@members.example', 'jose\u0301@members.example'],
    ['mayaokafor@gmail.com', 'maya.okafor@gmail.com'],
    ['mayaokafor@gmail.com', 'm.a.y.a.okafor+x@googlemail.com'],
  ])('%s is the same mailbox as %s', (left, right) => {
    expect(normalEmail(left)).toBe(normalEmail(right));
  });

  it.each([
    ['maya@members.example', 'maya@members.example.org'],
    ['maya@members.example', 'may@members.example'],
    ['maya.okafor@members.example', 'mayaokafor@members.example'],
    ['+15551234@sms.example', '+15559999@sms.example'],
    ['"a@b"@members.example', '"a@c"@members.example'],
  ])('%s is another mailbox than %s', (left, right) => {
    expect(normalEmail(left)).not.toBe(normalEmail(right));
  });

  it('is normal once it was made so', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        expect(normalEmail(normalEmail(email))).toBe(normalEmail(email));
      }),
    );
  });
});

describe('a learner and an assessor', () => {
  const { email: _, ...nameless } = aLearner();

  it.each([
    ['are the same by sign-in', aLearner(), anAssessor({ subjects: [Subject.parse('ines'), Subject.parse('maya')] }), true],
    ['are the same by e-mail', aLearner(), anAssessor({ emails: ['x@y.example', 'MAYA+1@members.example'] }), true],
    ['are the same by sign-in where the learner has no e-mail', nameless, anAssessor({ subjects: [Subject.parse('maya')] }), true],
    ['are two people', aLearner(), anAssessor(), false],
    ['are two people, neither of whom has an e-mail', nameless, anAssessor({ emails: [] }), false],
    ['are two people though their sign-ins differ only in case', aLearner(), anAssessor({ subjects: [Subject.parse('Maya')] }), false],
  ])('%s', (...[, learner, assessor, same]) => {
    expect(isSamePerson(learner, assessor)).toBe(same);
  });
});
