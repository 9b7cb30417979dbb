/** Operations on the names of keys. */
import * as z from 'zod';
import { AwsError } from '../service.ts';
import { type Action, action, KeyId, Page, pageOf } from './action.ts';
import { accessKey } from './key-access.ts';
import { aliasArn } from './key-store.ts';

const AliasName = z
  .string()
  .max(256)
  .regex(/^alias\/[a-zA-Z0-9/_-]+$/, 'Member must be alias/ and letters, digits, /, _ or -');

const createAlias = action(z.object({ AliasName, TargetKeyId: KeyId }), ({ AliasName: name, TargetKeyId: keyId }, call) => {
  call.caller.authorize('kms:CreateAlias', aliasArn(name));
  const key = accessKey(call, { action: 'kms:CreateAlias', keyId, aliases: 'refused', states: 'not-pending-deletion' });
  if (name.startsWith('alias/aws/')) throw new AwsError('NotAuthorizedException', 'Aliases that begin with alias/aws/ are reserved.');
  if (call.store.findAlias(name) !== undefined)
    throw new AwsError('AlreadyExistsException', `An alias with the name ${aliasArn(name)} already exists`);
  call.store.insertAlias(name, key.id);
});

const listAliases = action(z.object({ ...Page, KeyId: KeyId.optional() }), ({ Limit: limit, Marker: marker, KeyId: keyId }, call) => {
  call.caller.authorize('kms:ListAliases', '*');
  const key = keyId === undefined ? undefined : accessKey(call, { action: 'kms:ListAliases', keyId, aliases: 'refused', states: 'any' });
  const { page, paging } = pageOf(call.store.aliasesAfter(marker, limit + 1, key?.id), limit, (alias) => alias.name);
  return {
    Aliases: page.map(({ name, keyId: target, createdAt }) => ({
      AliasName: name,
      AliasArn: aliasArn(name),
      TargetKeyId: target,
      CreationDate: createdAt / 1000,
      LastUpdatedDate: createdAt / 1000,
    })),
    ...paging,
  };
});

export const ALIAS_ACTIONS: Readonly<Record<string, Action>> = { CreateAlias: createAlias, ListAliases: listAliases };
