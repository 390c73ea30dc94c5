import { OTHER_ACCESS, type WayIn } from "../../../aws/other-access";
import { names } from "../../names";
import { shortened } from "../../weakening/short";
import type { Statement } from "../policy";
import type { GuardrailScope } from "./scope";
import { anyIam, anywhere, exemptFrom, refuse } from "./statements";

/** Wildcards that stand for several actions of these ways, and for no other action of their services. */
const SHORT_WAYS: readonly string[] = ["ec2-instance-connect:Send*", "ssm:CreateAssociation*"];

/**
 * Refuses the ways into hosts that the map names. Exempt are the roles that may use them, those that deploy or repair,
 * and the roles that session-audit creates, whose policies KeepRoles keeps: an action of a channel can run a command.
 */
export function otherAccessStatements(scope: GuardrailScope): Statement[] {
  const ways: readonly WayIn[] = scope.otherAccess.map((kind) => OTHER_ACCESS[kind]);
  const exempt = [
    ...exemptFrom(scope),
    ...scope.otherAccessRoles,
    anyIam(scope, `role/${names.prefix(scope)}*`),
  ];
  const whole = ways.filter(({ attribute }) => attribute === undefined);
  const parts = ways.filter(({ attribute }) => attribute !== undefined);
  return [
    ...(whole.length === 0
      ? []
      : [
          refuse("RefuseOtherAccess", exempt, {
            Action: shortened(
              whole.flatMap(({ actions }) => actions),
              SHORT_WAYS,
              2,
            ).sort(),
            Resource: "*",
          }),
        ]),
    ...parts.map(({ actions, attribute }) =>
      refuse("RefuseUserData", exempt, {
        Action: actions,
        Resource: [anywhere(scope, "ec2", "instance/*")],
        // AWS documents the key and not the case of its values.
        // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
        Condition: { StringEqualsIgnoreCase: { "ec2:Attribute": attribute! } },
      }),
    ),
  ];
}
