import { accepts, refuses } from "./refusals";
import { mapWith, NO_BUCKET, READER } from "./good-map";
import { problemsOf } from "./problems-of";

const ON = { "remoteDesktop.recordings": "create" };
const NO_KEY = {
  "encryption.mode": "s3-managed",
  "preferences.encryptSessionData": false,
  "preferences.enforce.cloudWatch": false,
};
const GUARDED = { "guard.enabled": true };

refuses("of Remote Desktop", [
  [
    "a flag",
    { "remoteDesktop.recordings": true },
    "remoteDesktop.recordings",
    '"none" or "create" or "keep"',
    'write "create"',
  ],
  [
    "recordings without a key",
    { ...ON, ...NO_KEY },
    "remoteDesktop.recordings",
    'while encryption.mode is "s3-managed"',
    "customer-managed",
  ],
  [
    "a guard that ends every connection",
    { ...ON, ...GUARDED },
    "remoteDesktop.recordings",
    "while the guard ends sessions of AWS-StartPortForwardingSession",
    "guard.allowedDocuments",
  ],
]);

accepts([
  ["recordings", ON],
  ["an end of recordings without a key", { ...NO_KEY, "remoteDesktop.recordings": "keep" }],
  [
    "recordings and a guard that allows connections",
    { ...ON, ...GUARDED, "guard.allowedDocuments": ["AWS-StartPortForwardingSession"] },
  ],
  ["recordings and a guard that ends nothing", { ...ON, ...GUARDED, "guard.terminate": false }],
  ["readers of recordings alone", { ...NO_BUCKET, ...ON, "transcripts.readers": [READER] }],
  [
    "a lock of recordings in an account whose transcripts go to the archive",
    { ...ON, "accounts.sandbox.transcripts.objectLock.days": 90 },
  ],
]);

describe("settings of transcripts in an account whose transcripts go to the archive", () => {
  const LOCK = { "accounts.sandbox.transcripts.objectLock.days": 90 };
  const pathsOf = (changes: Parameters<typeof mapWith>[0]) =>
    problemsOf(mapWith(changes)).map(({ path }) => path);

  it.each([
    ["have no effect without recordings", LOCK, ["accounts.sandbox.transcripts.objectLock"]],
    [
      "have none where another account has recordings",
      { ...LOCK, "accounts.payments.remoteDesktop.recordings": "create" },
      ["accounts.sandbox.transcripts.objectLock"],
    ],
    [
      "have none on the key prefix, which recordings do not have",
      { ...ON, "accounts.sandbox.transcripts.prefix": "theirs" },
      ["accounts.sandbox.transcripts.prefix"],
    ],
  ])("%s", (_title, changes, paths) => {
    expect(pathsOf(changes)).toEqual(paths);
  });
});
