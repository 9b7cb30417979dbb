/** Parsed expressions: what dynalite's grammars return, given types. */
import type { AttributeValue } from './attribute-value.ts';
import type { Path } from './document-path.ts';

export interface SizeOf {
  readonly type: 'function';
  readonly name: 'size';
  readonly args: readonly [Operand];
}

export type Operand = Path | AttributeValue | SizeOf;

export const isPath = (operand: Operand | UpdateValue): operand is Path => Array.isArray(operand);

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface Comparison {
  readonly type: Comparator;
  readonly args: readonly [Operand, Operand];
}

export interface ConditionFunction {
  readonly type: 'function';
  readonly name: 'attribute_exists' | 'attribute_not_exists' | 'attribute_type' | 'begins_with' | 'contains';
  readonly args: readonly [Operand, Operand?];
}

export type Condition =
  | { readonly type: 'and' | 'or'; readonly args: readonly [Condition, Condition] }
  | { readonly type: 'not'; readonly args: readonly [Condition] }
  | { readonly type: 'between'; readonly args: readonly [Operand, Operand, Operand] }
  | { readonly type: 'in'; readonly args: readonly [Operand, ...Operand[]] }
  | Comparison
  | ConditionFunction;

/** A condition or filter, with the top-level attributes it reads. */
export interface ParsedCondition {
  readonly expression: Condition;
  readonly pathHeads: Readonly<Record<string, true>>;
}

export interface ParsedProjection {
  readonly paths: readonly Path[];
}

export type UpdateValue =
  | Path
  | AttributeValue
  | { readonly type: 'add' | 'subtract'; readonly args: readonly [UpdateValue, UpdateValue] }
  | { readonly type: 'function'; readonly name: 'if_not_exists'; readonly args: readonly [Path, UpdateValue] }
  | { readonly type: 'function'; readonly name: 'list_append'; readonly args: readonly [UpdateValue, UpdateValue] };

export type UpdateSection =
  | { readonly type: 'set'; readonly path: Path; readonly val: UpdateValue }
  | { readonly type: 'remove'; readonly path: Path }
  | { readonly type: 'add' | 'delete'; readonly path: Path; readonly val: AttributeValue };

export interface ParsedUpdate {
  readonly sections: readonly UpdateSection[];
  readonly paths: readonly Path[];
}
