import { HOSTILE_VALUES } from "../../fixtures/hostile-values";
import { describeLock, lockHolder } from "../../../fleet/deploy/state-lock";

/** What Terraform 1.11 prints for the S3 backend with a lock file. */
const OUTPUT = `╷
│ Error: Error acquiring the state lock
│
│ Error message: operation error S3: PutObject, https response error StatusCode: 412
│ Lock Info:
│   ID:        11111111-2222-3333-4444-555555555555
│   Path:      acme/account-sandbox.tfstate
│   Operation: OperationTypeApply
│   Who:       alice@laptop
│   Version:   1.11.4
│   Created:   2026-01-01 10:00:00.123456 +0000 UTC
│   Info:
│
╵
`;

it("reads who holds a lock, and for how long", () => {
  const holder = lockHolder(OUTPUT)!;
  expect(holder).toEqual({
    id: "11111111-2222-3333-4444-555555555555",
    who: "alice@laptop",
    operation: "Apply",
    created: "2026-01-01T10:00:00Z",
  });
  expect(describeLock(holder, new Date("2026-01-01T11:30:00Z"))).toBe(
    "the state is locked by alice@laptop (Apply), for 90 min; lock id 11111111-2222-3333-4444-555555555555",
  );
});

it("shows a time that it cannot read as Terraform printed it", () => {
  const holder = lockHolder(OUTPUT.replace(/Created: .*/, "Created:   yesterday"))!;
  expect(describeLock(holder, new Date())).toContain("since yesterday");
});

it("finds no lock in another error", () => {
  expect(lockHolder("Error: Unsupported argument")).toBeUndefined();
});

it("shows escape sequences that somebody has put into a lock as text, and prints none", () => {
  const { value } = HOSTILE_VALUES.find(({ name }) => name === "colours of a terminal")!;
  const forged = ["ID", "Who", "Operation", "Created"].reduce(
    (text, field) => text.replace(new RegExp(`${field}:( +).*`), `${field}:$1${value}`),
    OUTPUT,
  );
  const said = describeLock(lockHolder(forged)!, new Date());
  expect(said.match(/\\u001b\[31mmark/g)).toHaveLength(4);
  expect(said).toMatch(/^[ -~]*$/);
});
