/**
 * The body form `aws-chunked`: sized chunks inside the HTTP body, then trailing headers. Streaming uploads of the SDK
 * come like this, with their checksum in a trailer, because a stream's checksum is known only once it has been sent.
 */
import { AwsError } from '../service.ts';

export interface ChunkDecoder {
  /** Returns the payload bytes among those given, in order, without copying them. */
  push(bytes: Buffer): readonly Buffer[];
  /** To be called when the HTTP body ends; lower-case names. @throws AwsError IncompleteBody */
  end(): ReadonlyMap<string, string>;
}

/** S3 refuses smaller chunks, the last one apart; a stand-in that takes them would hide it until the cloud. */
const CHUNK_BYTES_MIN = 8192;
/** A size, a signature or a checksum fits many times over. */
const LINE_BYTES_MAX = 1024;
const TRAILERS_MAX = 8;

type State = 'size' | 'data' | 'data-end' | 'trailer' | 'done';

const NEWLINE = 0x0a;

export const chunkDecoder = (): ChunkDecoder => {
  const trailers = new Map<string, string>();
  const nextSize = chunkSizes();
  let state: State = 'size';
  let remaining = 0;
  let line = '';

  /** What a finished line means in each state, and the state that follows. */
  const onLine: Readonly<Partial<Record<State, (content: string) => State>>> = {
    size: (content) => {
      remaining = nextSize(content);
      return remaining === 0 ? 'trailer' : 'data';
    },
    'data-end': (content) => {
      if (content !== '') throw incompleteBody();
      return 'size';
    },
    trailer: (content) => {
      if (content !== '') addTrailer(trailers, content);
      return content === '' ? 'done' : 'trailer';
    },
  };

  /** Returns how many bytes it used up. */
  const takeLine = (bytes: Buffer): number => {
    const newline = bytes.indexOf(NEWLINE);
    const end = newline === -1 ? bytes.byteLength : newline;
    if (line.length + end > LINE_BYTES_MAX) throw incompleteBody();
    line += bytes.toString('latin1', 0, end);
    if (newline === -1) return end;
    const content = line.endsWith('\r') ? line.slice(0, -1) : line;
    line = '';
    state = onLine[state]?.(content) ?? state;
    return end + 1;
  };

  const takeData = (bytes: Buffer): Buffer => {
    const data = bytes.subarray(0, remaining);
    remaining -= data.byteLength;
    if (remaining === 0) state = 'data-end';
    return data;
  };

  return {
    push: (bytes) => {
      const payload: Buffer[] = [];
      let rest = bytes;
      while (rest.byteLength > 0) {
        if (state === 'done') throw incompleteBody();
        if (state === 'data') {
          const data = takeData(rest);
          payload.push(data);
          rest = rest.subarray(data.byteLength);
        } else rest = rest.subarray(takeLine(rest));
      }
      return payload;
    },
    end: () => {
      if (state !== 'done') throw incompleteBody();
      return trailers;
    },
  };
};

/** The size at the head of a chunk; a signature after it is not verified, the one over the request's headers was. */
const chunkSizes = (): ((line: string) => number) => {
  let chunk = 0;
  let previous = CHUNK_BYTES_MIN;
  return (line) => {
    const [, digits] = /^([0-9a-f]{1,12})(?:;.*)?$/i.exec(line) ?? [];
    if (digits === undefined) throw incompleteBody();
    const size = Number.parseInt(digits, 16);
    chunk++;
    if (size > 0 && previous < CHUNK_BYTES_MIN) throw invalidChunkSize(chunk, previous);
    previous = size;
    return size;
  };
};

const addTrailer = (trailers: Map<string, string>, line: string): void => {
  const colon = line.indexOf(':');
  if (colon < 1 || trailers.size === TRAILERS_MAX) throw malformedTrailer();
  trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
};

const invalidChunkSize = (chunk: number, size: number): AwsError =>
  new AwsError('InvalidChunkSizeError', `Only the last chunk is allowed to have a size less than ${CHUNK_BYTES_MIN} bytes`, {
    status: 403,
    extra: { Chunk: chunk, BadChunkSize: size },
  });

export const malformedTrailer = (): AwsError =>
  new AwsError(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );

export const incompleteBody = (): AwsError =>
  new AwsError('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header');
