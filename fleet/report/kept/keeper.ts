import { createHash, randomBytes, type Hash } from "node:crypto";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Of } from "../../../files/checksum";
import { removeWithUs } from "../../../processes/process-group";
import { UserError } from "../../../processes/user-error";
import {
  bytesOf,
  manifestKey,
  manifestOf,
  NDJSON,
  REPORTS,
  sequenceOf,
  signatureKey,
  type KeptPart,
} from "../../../report/chain/manifest";
import { signatureBytes } from "../../../report/chain/signature";
import type { Report, ReportLine } from "../../../report/model";
import { csvHeader, csvLine } from "../../../report/render/csv";
import { html } from "../../../report/render/html";
import { jsonLine } from "../../../report/render/json";
import type { Place } from "./place";
import type { Signer } from "./signer";

/** Where a report was kept. */
export interface Kept {
  /** Key of its manifest. */
  readonly key: string;
  /** SHA-256 of the manifest: whoever keeps it elsewhere notices if the end of the chain is cut off. */
  readonly sha256: string;
  readonly isSigned: boolean;
}

/** A part that is being written, in a temporary folder. */
class PartFile {
  private readonly hash: Hash = createHash("sha256");
  private readonly stream: WriteStream;
  private size = 0;

  constructor(
    readonly name: string,
    readonly mediaType: string,
    readonly path: string,
  ) {
    this.stream = createWriteStream(path);
  }

  async write(text: string): Promise<void> {
    if (text === "") return;
    const bytes = Buffer.from(text, "utf8");
    this.hash.update(bytes);
    this.size += bytes.length;
    if (!this.stream.write(bytes)) await once(this.stream, "drain");
  }

  async end(): Promise<{ readonly size: number; readonly sha256: string }> {
    this.stream.end();
    await once(this.stream, "close");
    return { size: this.size, sha256: this.hash.digest("hex") };
  }
}

/**
 * Keeps a report: collects its lines while it is made, and then writes its parts and a manifest, which names the manifest
 * before it. The page is made of the whole report, whose rows are limited. The parts come first, so that a report that was interrupted leaves files that no manifest names, and the
 * chain is whole.
 * @example
 * const keeper = await ReportKeeper.open(place, null);
 * for (const line of lines) await keeper.line(line);
 * await keeper.keep(report);
 */
export class ReportKeeper {
  private readonly parts: PartFile[];

  private constructor(
    private readonly place: Place,
    private readonly signer: Signer | null,
    private readonly folder: string,
    private readonly forget: () => void,
  ) {
    this.parts = [
      this.file("report.ndjson", NDJSON),
      this.file("sessions.csv", "text/csv"),
      this.file("report.html", "text/html; charset=utf-8"),
    ];
  }

  /**
   * @param signer signs the manifest; null: nobody does
   * @throws what the file system or AWS answered, before anything is made: the place cannot be read
   */
  static async open(place: Place, signer: Signer | null): Promise<ReportKeeper> {
    await place.reading();
    const folder = await mkdtemp(join(tmpdir(), "session-audit-kept-"));
    return new ReportKeeper(place, signer, folder, removeWithUs(folder));
  }

  /** Takes a line of the report. */
  async line(line: ReportLine): Promise<void> {
    const [json, csv] = this.parts;
    await json!.write(jsonLine(line));
    await csv!.write(line.type === "report" ? csvHeader() : line.type === "session" ? csvLine(line) : "");
  }

  /**
   * Writes the parts, the manifest and its signature. The page has no transcript and no replay, whoever made the report.
   * @throws UserError if another report was kept at the same time
   */
  async keep(report: Report): Promise<Kept> {
    await this.parts[2]!.write(html(report));
    const folder = `${REPORTS}${report.header.generatedAt}-${randomBytes(4).toString("hex")}`;
    const kept: KeptPart[] = [];
    for (const part of this.parts) {
      const written = { key: `${folder}/${part.name}`, mediaType: part.mediaType, ...(await part.end()) };
      await this.writeOnce({ ...written, content: part.path });
      kept.push(written);
    }
    const before = await this.last();
    const sequence = (before?.sequence ?? 0) + 1;
    const previous = before && { key: before.key, sha256: before.sha256 };
    const bytes = bytesOf(manifestOf(report, kept, { sequence, previous }));
    const key = manifestKey(sequence);
    const sha256 = sha256Of(bytes);
    // Signed first: a manifest that nobody could sign never becomes part of the chain.
    const signature = this.signer && signatureBytes(await this.signer.sign(key, bytes));
    await this.writeOnce({ key, mediaType: "application/json", size: bytes.length, sha256, content: bytes });
    if (signature !== null) {
      await this.writeOnce({
        key: signatureKey(key),
        mediaType: "application/json",
        content: signature,
        size: signature.length,
        sha256: sha256Of(signature),
      });
    }
    return { key, sha256, isSigned: signature !== null };
  }

  /** Removes the temporary files. */
  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    this.forget();
  }

  private file(name: string, mediaType: string): PartFile {
    return new PartFile(name, mediaType, join(this.folder, name));
  }

  /** The last manifest of the chain; null: this is the first report. */
  private async last() {
    const { listed, read } = await this.place.reading();
    const sequences = listed.flatMap(({ key }) => sequenceOf(key) ?? []);
    if (sequences.length === 0) return null;
    const sequence = sequences.reduce((one, other) => Math.max(one, other));
    const key = manifestKey(sequence);
    const bytes = await read(key);
    if (bytes !== null) return { sequence, key, sha256: sha256Of(bytes) };
    throw new UserError({
      what: `${this.place.name}: ${key}, the last kept report, cannot be read.`,
      remedy: "Find out who removed it (session-audit report verify), or keep reports in another place.",
    });
  }

  private async writeOnce(written: Parameters<Place["write"]>[0]): Promise<void> {
    if (await this.place.write(written)) return;
    throw new UserError({
      what: `${this.place.name} has ${written.key} already, and nothing there is overwritten.`,
      remedy: "Another report was kept at the same time. Make this one again.",
    });
  }
}
