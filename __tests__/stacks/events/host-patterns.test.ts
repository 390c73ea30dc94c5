import { matchesPattern } from "../../../emulator/patterns/event-pattern";
import { hostFindings, type WatchedHosts } from "../../../stacks/events/host-patterns";
import { managementCall } from "../../fixtures/cloudtrail";

const ASSOCIATION = "01234567-89ab-cdef-0123-456789abcdef";
const DOCUMENT = "session-audit-acme-linux-tools";
const ROLE = "arn:aws:iam::444444444444:role/operator";
const ENDPOINT = "vpce-0123456789abcdef0";
const GROUP = "sg-0123456789abcdef0";
const HOSTS: WatchedHosts = {
  document: DOCUMENT,
  associationIds: [ASSOCIATION],
  endpointIds: [ENDPOINT],
  securityGroupIds: [GROUP],
};

const call = (eventName: string, requestParameters: object, service = "ssm") =>
  managementCall(service, eventName, requestParameters);
const reports = (event: object, ignoredRoles: string[] = []) =>
  matchesPattern(hostFindings(HOSTS, ignoredRoles)!, event);

it.each<[string, object]>([
  ["UpdateDocument", { name: DOCUMENT }],
  ["UpdateDocumentDefaultVersion", { name: DOCUMENT }],
  ["ModifyDocumentPermission", { name: DOCUMENT }],
  ["DeleteDocument", { name: `arn:aws:ssm:eu-central-1:444444444444:document/${DOCUMENT}` }],
  ["DeleteAssociation", { associationId: ASSOCIATION }],
  ["UpdateAssociation", { associationId: ASSOCIATION, targets: [] }],
])("findings about hosts report %s %j", (name, parameters) =>
  expect(reports(call(name, parameters))).toBe(true),
);

it.each<[string, object]>([
  ["UpdateDocument", { name: "Another" }],
  ["GetDocument", { name: DOCUMENT }],
  ["DeleteAssociation", { associationId: "ffffffff-89ab-cdef-0123-456789abcdef" }],
  ["DeleteAssociation", { name: DOCUMENT, instanceId: "i-0123456789abcdef0" }],
  ["StartAssociationsOnce", { associationIds: [ASSOCIATION] }],
])("findings about hosts do not report %s %j", (name, parameters) =>
  expect(reports(call(name, parameters))).toBe(false),
);

const modify = (VpcEndpointId: string) => ({
  ModifyVpcEndpointRequest: { VpcEndpointId, ResetPolicy: true },
});
const remove = (...ids: string[]) => ({
  DeleteVpcEndpointsRequest: {
    VpcEndpointId:
      ids.length === 1 ? { tag: 1, content: ids[0] } : ids.map((content, tag) => ({ tag, content })),
  },
});

it.each<[string, object]>([
  ["ModifyVpcEndpoint", modify(ENDPOINT)],
  ["DeleteVpcEndpoints", remove(ENDPOINT)],
  ["DeleteVpcEndpoints", remove("vpce-0fffffffffffffff0", ENDPOINT)],
  ["AuthorizeSecurityGroupIngress", { groupId: GROUP }],
  ["RevokeSecurityGroupIngress", { groupId: GROUP }],
  ["AuthorizeSecurityGroupEgress", { groupId: GROUP }],
  ["RevokeSecurityGroupEgress", { groupId: GROUP }],
  ["ModifySecurityGroupRules", { ModifySecurityGroupRulesRequest: { GroupId: GROUP } }],
])("findings about hosts report %s %j", (name, parameters) =>
  expect(reports(call(name, parameters, "ec2"))).toBe(true),
);

it.each<[string, object]>([
  ["ModifyVpcEndpoint", modify("vpce-0fffffffffffffff0")],
  ["DeleteVpcEndpoints", remove("vpce-0fffffffffffffff0")],
  ["DescribeVpcEndpoints", remove(ENDPOINT)],
  ["AuthorizeSecurityGroupIngress", { groupId: "sg-0fffffffffffffff0" }],
  ["AuthorizeSecurityGroupEgress", { groupId: "sg-0fffffffffffffff0" }],
  ["UpdateSecurityGroupRuleDescriptionsIngress", { groupId: GROUP }],
  ["ModifySecurityGroupRules", { ModifySecurityGroupRulesRequest: { GroupId: "sg-0fffffffffffffff0" } }],
])("findings about hosts do not report %s %j", (name, parameters) =>
  expect(reports(call(name, parameters, "ec2"))).toBe(false),
);

it("findings about hosts leave out only the roles that the map ignores", () => {
  const change = call("DeleteAssociation", { associationId: ASSOCIATION });
  expect(reports(change, [ROLE])).toBe(false);
  expect(reports(change, ["arn:aws:iam::444444444444:role/pipeline"])).toBe(true);
});

it("there are no findings about hosts if the map maintains nothing on them", () => {
  expect(
    hostFindings({ document: null, associationIds: [], endpointIds: [], securityGroupIds: [] }, []),
  ).toBeNull();
});
