/** Optional facts on their way into signed JSON. */

/** The same facts, where what may be undefined may be absent instead. */
export type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out what is undefined: a document must be the same in memory, where it is signed, as on disk. */
export const present = <const T extends object>(facts: T): Present<T> =>
  // The filter has just done to the value what Present does to the type.
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Present<T>;
