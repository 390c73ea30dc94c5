import { Readable } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import { readTranscript } from "../../../fleet/report/content";
import { S3Place } from "../../../fleet/report/kept/s3-place";
import { listTranscripts } from "../../../fleet/report/transcripts";
import type { TranscriptPlace } from "../../../fleet/report/places";

/**
 * A bucket that got versioning after the first version of each object was written: S3 calls this version "null". Without a
 * version id, S3 reads the newest one.
 */
const VERSIONS: readonly (readonly [string, string])[] = [
  ["v1", "by somebody else"],
  ["null", "first"],
];

const body = (text: string) =>
  Object.assign(Readable.from([Buffer.from(text)]), { transformToString: () => Promise.resolve(text) });

const bucketOf = (Key: string) => (command: unknown) => {
  const { Prefix, VersionId = "v1" } = (command as { input: { Prefix?: string; VersionId?: string } }).input;
  if (Prefix === undefined)
    return Promise.resolve({ Body: body(VERSIONS.find(([version]) => version === VersionId)![1]) });
  const found = Key.startsWith(Prefix) ? VERSIONS : [];
  const LastModified = new Date("2026-11-24T10:00:00Z");
  return Promise.resolve({
    Versions: found.map(([version]) => ({ Key, VersionId: version, Size: 5, LastModified })),
  });
};

it("the first version of what was kept is read, although it was written without versioning", async () => {
  const place = new S3Place("kept", "weekly", { AWS_REGION: "eu-west-1" });
  const send = jest
    .spyOn(S3Client.prototype, "send")
    .mockImplementation(bucketOf("weekly/chain/000001.json"));
  try {
    const { listed, read } = await place.reading();
    expect(listed).toEqual([{ key: "chain/000001.json", versions: 2, deleted: false }]);
    expect((await read("chain/000001.json"))!.toString()).toBe("first");
  } finally {
    send.mockRestore();
    place.close();
  }
});

it("a transcript that was written without versioning is read, and not what was written over it", async () => {
  const s3 = Object.assign(new S3Client({ region: "eu-west-1" }), { send: bucketOf("sessions/alice-0.log") });
  const place = { bucket: "b", prefix: "sessions", place: "own" } as TranscriptPlace;
  const texts: string[] = [];
  for await (const part of listTranscripts(s3 as unknown as S3Client, place)) {
    texts.push((await readTranscript(s3 as unknown as S3Client, part)).content);
  }
  expect(texts).toEqual(["by somebody else", "first"]);
});
