/** An encoder and decoder of PNG that ships no types. */
declare module 'pngjs' {
  export class PNG {
    constructor(options: { width: number; height: number });
    readonly width: number;
    readonly height: number;
    readonly data: Buffer;
    static readonly sync: {
      write(image: PNG, options?: { colorType: 0 | 2 | 4 | 6 }): Buffer;
      read(bytes: Buffer): PNG;
    };
  }
}
