import { GUARDRAILS, mapWith, type Changes } from "../../accounts/rules/good-map";
import { problemsOf } from "../../accounts/rules/problems-of";

const problemsWith = (changes: Changes) => problemsOf(mapWith({ ...GUARDRAILS, ...changes }));

describe("service control policies that AWS would find too long", () => {
  const longRole = (index: number) => `arn:aws:iam::*:role/${"path-of-some-length/".repeat(4)}role-${index}`;
  const many = (count: number) => Array.from({ length: count }, (_, index) => longRole(index));

  it("are reported, with the roles that make them too long", () => {
    const [problem, ...others] = problemsWith({ "guardrails.breakGlassRoles": many(20) });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path: "guardrails.breakGlassRoles" });
    expect(problem!.allowed).toMatch(
      /session-audit-acme-\w+: it would have \d+ characters, and AWS accepts 5120/,
    );
    expect(problem!.remedy).toContain("fewer roles");
  });

  it("are reported, with the roles that read and make them too long", () => {
    const readers = Array.from(
      { length: 60 },
      (_, index) => `arn:aws:iam::111111111111:role/a-long-name-of-a-reader-${index}`,
    );
    const changes = { "transcripts.readers": readers, "notifications.security.accountChanges": false };
    const [problem, ...others] = problemsWith(changes);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path: "transcripts.readers" });
    expect(problem!.allowed).toContain("session-audit-acme-records");
    expect(problem!.remedy).toContain("protectExisting: false");
    expect(problemsWith({ ...changes, "guardrails.protectExisting": false })).toEqual([]);
  });

  it("are reported, with the roles of instances that make them too long", () => {
    const roles = Array.from({ length: 60 }, (_, index) => `a-long-name-of-an-instance-role-${index}`);
    const problems = problemsWith({
      "access.attachToRoles": roles,
      "notifications.security.accountChanges": false,
    });
    expect(problems).toMatchObject([{ path: "access.attachToRoles" }]);
    expect(problems[0]!.allowed).toContain("session-audit-acme-sessions");
  });

  /** Maps of 1,000 accounts, each with a role of instances. */
  const thousand = (role: (index: number) => string): Changes => ({
    archive: undefined,
    waves: undefined,
    "access.attachToRoles": [],
    "guardrails.keepInstanceRoles": true,
    "guardrails.protectExisting": false,
    accounts: Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [
        `a${index}`,
        {
          id: String(100000000000 + index),
          homeRegion: "us-east-1",
          regions: ["us-east-1"],
          access: { attachToRoles: [role(index)] },
        },
      ]),
    ),
  });

  it("are reported, with the roles of instances that stay as they are and make them too long", () => {
    const problems = problemsWith(thousand((index) => `app-server-${index}`));
    expect(problems.map(({ path, found }) => [path, found])).toEqual([
      ["guardrails.keepInstanceRoles", true],
    ]);
    expect(problems[0]!.allowed).toContain("session-audit-acme-existing-records");
    expect(problems[0]!.remedy).toContain("the same names in all accounts");
    expect(problems[0]!.remedy).toContain("leave keepInstanceRoles out");
  });

  it("do not grow with the number of accounts whose instances have a role of one name", () => {
    expect(problemsWith(thousand(() => "app-server"))).toEqual([]);
  });

  it("do not grow with the number of accounts in which a role of one name reads", () => {
    const accounts = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => {
        const id = String(100000000000 + index);
        const readers = [`arn:aws:iam::${id}:role/session-reviewer`];
        return [
          `a${index}`,
          { id, homeRegion: "us-east-1", regions: ["us-east-1"], transcripts: { readers } },
        ];
      }),
    );
    expect(problemsOf(mapWith({ ...GUARDRAILS, archive: undefined, accounts }))).toEqual([]);
  });

  it("are reported, with the existing resources that make them too long", () => {
    const key = (index: number) =>
      `arn:aws:kms:us-east-1:${100000000000 + index}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
    const accounts = Object.fromEntries(
      Array.from({ length: 80 }, (_, index) => [
        `a${index}`,
        {
          id: String(100000000000 + index),
          homeRegion: "us-east-1",
          regions: ["us-east-1"],
          encryption: { mode: "existing", keyArn: key(index) },
        },
      ]),
    );
    const changes: Changes = { accounts, archive: undefined, waves: undefined };
    const problems = problemsWith(changes);
    expect(problems.map(({ path, found }) => [path, found])).toEqual([["guardrails.protectExisting", true]]);
    expect(problems[0]!.remedy).toContain("protectExisting: false");
    expect(problemsWith({ ...changes, "guardrails.protectExisting": false })).toEqual([]);
  });
});
