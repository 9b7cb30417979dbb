/** The sample definitions, whole or with one thing changed. */
import { readdirSync, readFileSync } from 'node:fs';
import { DomainError, type Fault } from '#domain/errors.ts';
import { type MicroCredentialDefinition, parseDefinition } from '#domain/micro-credential.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Document = { [key: string]: Json };

const FOLDER = new URL('../../local/samples/', import.meta.url);

export const SAMPLE_NAMES = [
  'coaching-and-mentoring',
  'data-communicator',
  'data-storytelling',
  'infection-prevention-clinic-staff',
] as const;
export type SampleName = (typeof SAMPLE_NAMES)[number];

export const sampleFiles = (): string[] => readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

/** A fresh copy of the file's JSON. */
export const sampleJson = (name: SampleName): Document => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as Document;

export const sample = (name: SampleName): MicroCredentialDefinition => parseDefinition(sampleJson(name));

type Container = Record<string | number, Json>;

const holderOf = (document: Document, pointer: string): [Container, string] => {
  const parts = pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = parts.pop() ?? '';
  const holder = parts.reduce<unknown>((at, part) => (at as Container)[part], document);
  return [holder as Container, last];
};

export const read = (document: unknown, pointer: string): unknown => {
  const [holder, key] = holderOf(document as Document, pointer);
  return holder[key];
};

/** Changes the document in place; an undefined value takes the field out, or the item out of its list. */
export const put = (document: Document, changes: Readonly<Record<string, Json | undefined>>): Document => {
  for (const [pointer, value] of Object.entries(changes)) {
    const [holder, key] = holderOf(document, pointer);
    if (value !== undefined) Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  }
  return document;
};

/** The sample with changes by JSON pointer. */
export const changedJson = (name: SampleName, changes: Readonly<Record<string, Json | undefined>>): Document =>
  put(sampleJson(name), changes);

export const changed = (name: SampleName, changes: Readonly<Record<string, Json | undefined>>): MicroCredentialDefinition =>
  parseDefinition(changedJson(name, changes));

/** The faults with which a document is refused; none if it is taken. Anything but a refusal is thrown on. */
export const faultsOfParsing = (document: unknown): readonly Fault[] => {
  try {
    parseDefinition(document);
    return [];
  } catch (error) {
    if (error instanceof DomainError && error.code === 'definition/malformed') return error.faults;
    throw error;
  }
};

/** Pointers to every value of a document below its top. */
export const pointersIn = (value: unknown, at = ''): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, child]) => {
        const pointer = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        return [pointer, ...pointersIn(child, pointer)];
      })
    : [];

/** The pointer to the object or list that a value stands in. */
export const parentOf = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf('/'));
