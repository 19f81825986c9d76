// Pages of lines as a PDF: US Letter, Courier of ten points, so that 80 columns and 60 lines fill a page as they
// fill a sheet of a printer. The lines are printable ASCII already; nothing of them is changed, wrapped or cut.

import PDFDocument from 'pdfkit';

const letter = { width: 612, height: 792 };
const points = 10;
const lineHeight = 12;
/** 80 columns of 6 points, and 60 lines of 12, in the middle of the sheet. */
const left = 66;
const top = 36;

export class PdfPages {
  readonly #document: PDFKit.PDFDocument;
  readonly #ended: Promise<Uint8Array>;

  constructor({ title, author }: { readonly title: string; readonly author: string }) {
    this.#document = new PDFDocument({
      ...{ autoFirstPage: false, margin: 0, size: [letter.width, letter.height] },
      info: { Title: title, Author: author, Creator: 'msc', Producer: 'msc' },
    });
    const parts: Buffer[] = [];
    this.#document.on('data', (part: Buffer) => parts.push(part));
    this.#ended = new Promise((resolve) => {
      this.#document.on('end', () => resolve(Buffer.concat(parts)));
    });
  }

  add(lines: readonly string[]): void {
    this.#document.addPage().font('Courier').fontSize(points);
    for (const [at, line] of lines.entries())
      if (line !== '') this.#document.text(line, left, top + at * lineHeight, { lineBreak: false });
  }

  end(): Promise<Uint8Array> {
    this.#document.end();
    return this.#ended;
  }
}
