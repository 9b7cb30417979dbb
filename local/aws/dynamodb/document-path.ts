/** Document paths (`evidence.files[0]`): what lies at one, and an item reduced to several. */
import { type AttributeValue, attributeOf, type Item } from './attribute-value.ts';

export type Path = readonly (string | number)[];

export const step = (value: AttributeValue, piece: string | number): AttributeValue | undefined => {
  if (typeof piece === 'number') return 'L' in value ? value.L[piece] : undefined;
  return 'M' in value ? attributeOf(value.M, piece) : undefined;
};

export const valueAt = (path: Path, item: Item): AttributeValue | undefined =>
  path.reduce<AttributeValue | undefined>((value, piece) => value && step(value, piece), { M: item });

/** The paths as a tree; a leaf takes the whole value. */
type Branches = Map<string | number, Branches>;

const branchesOf = (paths: readonly Path[]): Branches => {
  const root: Branches = new Map();
  for (const path of paths) {
    let branch = root;
    for (const piece of path) {
      const next: Branches = branch.get(piece) ?? new Map();
      branch.set(piece, next);
      branch = next;
    }
  }
  return root;
};

const pruneItem = (item: Item, branches: Branches): Item => {
  const kept: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item)) {
    const branch = branches.get(name);
    const pruned = branch && prune(value, branch);
    if (pruned) kept[name] = pruned;
  }
  return kept;
};

const prune = (value: AttributeValue, branches: Branches): AttributeValue | undefined => {
  if (branches.size === 0) return value;
  if ('M' in value) {
    const kept = pruneItem(value.M, branches);
    return Object.keys(kept).length > 0 ? { M: kept } : undefined;
  }
  if (!('L' in value)) return undefined;
  const kept = value.L.flatMap((member, at) => {
    const branch = branches.get(at);
    return (branch && prune(member, branch)) ?? [];
  });
  return kept.length > 0 ? { L: kept } : undefined;
};

/** Only what the paths reach; chosen list elements close up, keeping their order. */
export const project = (item: Item, paths: readonly Path[] | undefined): Item => (paths ? pruneItem(item, branchesOf(paths)) : item);
