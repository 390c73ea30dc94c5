import { accountsOf, admit, isOneOf, membersOf } from "../../../stacks/policies/principals";
import { ARCHIVE, MEMBER, exampleOrganization, ORGANIZATION, roleIn } from "./helpers";

describe("members", () => {
  it("are the organization, if the map has its id", () => {
    expect(membersOf(exampleOrganization())).toEqual({ organizationId: ORGANIZATION });
  });

  it("are the accounts of the map, if it does not", () => {
    expect(membersOf(exampleOrganization({ organization: { name: "acme" } }))).toEqual({
      accountRoots: ["111111111111", "222222222222", "333333333333", "444444444444"].map(
        (id) => `arn:aws:iam::${id}:root`,
      ),
    });
  });

  const owner = { id: ARCHIVE };
  const others = { StringNotEquals: { "aws:PrincipalAccount": ARCHIVE } };

  it("are matched by the organization's id without the owner's account, never by * alone", () => {
    expect(admit({ organizationId: ORGANIZATION }, owner)).toEqual({
      Principal: "*",
      Condition: { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION }, ...others },
    });
  });

  it("are listed if they are accounts, without the owner's account", () => {
    const accountRoots = [`arn:aws:iam::${ARCHIVE}:root`, `arn:aws:iam::${MEMBER}:root`];
    expect(admit({ accountRoots }, owner)).toEqual({ Principal: { AWS: accountRoots }, Condition: others });
  });
});

describe("roles", () => {
  const roles = [roleIn(ARCHIVE, "a"), roleIn(MEMBER, "path/b*"), roleIn(ARCHIVE, "c")];

  it("are represented by their accounts, each once, because AWS rejects roles that do not exist", () => {
    expect(accountsOf(roles)).toEqual({
      AWS: [`arn:aws:iam::${ARCHIVE}:root`, `arn:aws:iam::${MEMBER}:root`],
    });
  });

  it("keep their partition", () => {
    expect(accountsOf([roleIn(MEMBER, "a", "aws-cn")])).toEqual({ AWS: [`arn:aws-cn:iam::${MEMBER}:root`] });
  });

  it("are matched by a condition", () => {
    expect(isOneOf(roles)).toEqual({ ArnLike: { "aws:PrincipalArn": roles } });
  });
});
