/** Who calls: read from the claims of a token that API Gateway has already verified. Membership is a group `{tenant}:{role}`, or `operator`. */
import * as z from 'zod';
import { DomainError } from '#domain/errors.ts';
import { Subject, TenantId } from '#domain/ids.ts';
import { oneLine } from '#domain/plain-text.ts';

export const ROLES = ['operator', 'programme', 'assessor', 'learner'] as const;
export type Role = (typeof ROLES)[number];

export interface Caller {
  readonly subject: Subject;
  /** The role in which this request is made: the first of the route's roles that the person holds. */
  readonly role: Role;
  /** Every role of the route that the person holds there. */
  readonly roles: readonly Role[];
  /** Absent for operators, who run the deployment and belong to no tenant. */
  readonly tenant?: TenantId;
  readonly name?: string;
  readonly email?: string;
}

const Groups = z.union([z.string(), z.array(z.string())]).default([]);

const Claims = z.object({
  sub: Subject,
  // A name or address that is none says nothing; it shuts nobody out.
  name: oneLine(200).optional().catch(undefined),
  // Addresses are written in every alphabet (RFC 6531); a stricter pattern would shut their owners out.
  email: z.email({ pattern: z.regexes.unicodeEmail }).max(320).optional().catch(undefined),
  email_verified: z.union([z.string(), z.boolean()]).optional(),
  'cognito:groups': Groups,
  groups: Groups,
});

interface Membership {
  readonly role: Role;
  readonly tenant?: TenantId;
}

const Membership = z.tuple([TenantId, z.enum(['programme', 'assessor', 'learner'])]);

/** A group that is not ours says nothing here. */
const membership = (group: string): readonly Membership[] => {
  if (group === 'operator') return [{ role: 'operator' }];
  const parsed = Membership.safeParse(group.split(':'));
  return parsed.success ? [{ tenant: parsed.data[0], role: parsed.data[1] }] : [];
};

/**
 * HTTP APIs hand an array claim over as the text `[a b]`, other authorizers as JSON or as it is; anything else is the name
 * of one group. Names are never split otherwise: `x,operator` is a group of that name, and nobody's operator.
 */
const listed = (claim: string | readonly string[]): readonly string[] => {
  if (typeof claim !== 'string') return claim;
  const json = JsonList.safeParse(claim);
  if (json.success) return json.data;
  return claim.startsWith('[') && claim.endsWith(']') ? claim.slice(1, -1).split(' ') : [claim];
};

const JsonList = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.array(z.string()));

const held = (claims: z.infer<typeof Claims>): readonly Membership[] =>
  [...listed(claims['cognito:groups']), ...listed(claims.groups)].flatMap(membership);

/** The one membership in which a person makes a request. */
const chosen = (
  memberships: readonly Membership[],
  allowed: readonly Role[],
  wanted: string | undefined,
): Membership & { roles: readonly Role[] } => {
  const fitting = memberships.filter(
    ({ role, tenant }) => allowed.includes(role) && (wanted === undefined || tenant === wanted || role === 'operator'),
  );
  const tenants = new Set(fitting.flatMap(({ tenant }) => (tenant === undefined ? [] : [tenant])));
  if (tenants.size > 1) throw new DomainError('access/tenant-ambiguous', { tenants: [...tenants] });
  const inOrder = allowed.flatMap((role) => fitting.filter((membership) => membership.role === role));
  const [first] = inOrder;
  if (first === undefined) throw new DomainError('access/forbidden', { needs: allowed });
  return { ...first, roles: [...new Set(inOrder.map(({ role }) => role))] };
};

/**
 * @param wanted the header `assay-tenant`, for people who act for several issuers
 * @throws DomainError access/unauthenticated, access/forbidden, access/tenant-ambiguous
 */
export const callerOf = (claims: unknown, allowed: readonly Role[], wanted: string | undefined): Caller => {
  const parsed = Claims.safeParse(claims);
  if (!parsed.success) throw new DomainError('access/unauthenticated');
  const { sub, name, email_verified: verified } = parsed.data;
  // A badge is bound to this address, so one that the provider says is unproven is as good as none.
  const email = String(verified) === 'false' ? undefined : parsed.data.email;
  return {
    subject: sub,
    ...chosen(held(parsed.data), allowed, wanted),
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
  };
};

/** @throws DomainError access/forbidden for an operator, who has no tenant. */
export const tenantOf = (caller: Caller): TenantId => {
  if (caller.tenant === undefined) throw new DomainError('access/forbidden', {});
  return caller.tenant;
};
