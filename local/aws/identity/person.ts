/** Who can sign in, and what a token says of them: the claims of a Cognito token. */

export interface Person {
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  /** `{tenant}:{role}` or `operator`. */
  readonly groups: readonly string[];
}

export const GROUPS_CLAIM = 'cognito:groups';

export const claimsOf = ({ name, email, groups }: Person) => ({ name, email, [GROUPS_CLAIM]: [...groups] });
