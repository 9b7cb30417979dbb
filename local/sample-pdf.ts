/** A small, real PDF with the given lines of text: what a learner's portfolio is made of in the samples. ISO 32000-1, section 7.5. */

const PAGE = { width: 595, height: 842, margin: 56, lineHeight: 18 } as const;

const escaped = (text: string): string => text.replace(/[\\()]/g, (character) => `\\${character}`);

const contentOf = (lines: readonly string[]): string => {
  const shown = lines.map((line) => `(${escaped(line)}) Tj T*`).join('\n');
  return `BT /F1 12 Tf ${PAGE.lineHeight} TL ${PAGE.margin} ${PAGE.height - PAGE.margin} Td\n${shown}\nET`;
};

/** @param lines Latin-1 text, one line each, as many as fit a page */
export const samplePdf = (lines: readonly string[]): Buffer => {
  const content = contentOf(lines);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`,
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, place) => {
    const offset = body.length;
    body += `${place + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(`${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}${trailer}`, 'latin1');
};
