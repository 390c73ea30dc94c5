import type { AwsRequest } from "../../../emulator/gateway/protocol";
import { actionsOf } from "../../../emulator/roles/actions";

const request = (about: Partial<AwsRequest>): AwsRequest => ({
  method: "POST",
  url: "/",
  headers: {},
  body: Buffer.alloc(0),
  isBuffered: true,
  region: "eu-central-1",
  accessKeyId: "ASIA",
  protocol: "json",
  service: "ssm",
  operation: "",
  ...about,
});

it.each`
  method      | url                                    | action
  ${"GET"}    | ${"/"}                                 | ${"s3:ListAllMyBuckets"}
  ${"HEAD"}   | ${"/bucket"}                           | ${"s3:ListBucket"}
  ${"GET"}    | ${"/bucket?list-type=2&prefix=x"}      | ${"s3:ListBucket"}
  ${"PUT"}    | ${"/bucket"}                           | ${"s3:CreateBucket"}
  ${"DELETE"} | ${"/bucket"}                           | ${"s3:DeleteBucket"}
  ${"GET"}    | ${"/bucket?encryption="}               | ${"s3:GetEncryptionConfiguration"}
  ${"DELETE"} | ${"/bucket?encryption="}               | ${"s3:PutEncryptionConfiguration"}
  ${"GET"}    | ${"/bucket?policy"}                    | ${"s3:GetBucketPolicy"}
  ${"PUT"}    | ${"/bucket?policy"}                    | ${"s3:PutBucketPolicy"}
  ${"DELETE"} | ${"/bucket?policy"}                    | ${"s3:DeleteBucketPolicy"}
  ${"GET"}    | ${"/bucket?object-lock"}               | ${"s3:GetBucketObjectLockConfiguration"}
  ${"GET"}    | ${"/bucket?versions"}                  | ${"s3:ListBucketVersions"}
  ${"GET"}    | ${"/bucket/key"}                       | ${"s3:GetObject"}
  ${"HEAD"}   | ${"/bucket/key"}                       | ${"s3:GetObject"}
  ${"GET"}    | ${"/bucket/a/key?versionId=1"}         | ${"s3:GetObjectVersion"}
  ${"GET"}    | ${"/bucket/key?tagging"}               | ${"s3:GetObjectTagging"}
  ${"GET"}    | ${"/bucket/key?retention&versionId=1"} | ${"s3:GetObjectRetention"}
  ${"PUT"}    | ${"/bucket/key?retention"}             | ${"s3:PutObjectRetention"}
  ${"DELETE"} | ${"/bucket/key?versionId=1"}           | ${"s3:DeleteObjectVersion"}
  ${"POST"}   | ${"/bucket?delete"}                    | ${"s3:DeleteObject"}
`("S3 judges $method $url as $action", ({ method, url, action }: Record<string, string>) => {
  const asked = { service: "s3", protocol: "rest-xml", method, url, operation: `${method} ${url}` } as const;
  expect(actionsOf(request(asked as Partial<AwsRequest>))).toEqual([action]);
});

it.each`
  method      | url                                                     | action
  ${"GET"}    | ${"/2015-03-31/functions/guard"}                        | ${"lambda:GetFunction"}
  ${"GET"}    | ${"/2015-03-31/functions/guard/policy"}                 | ${"lambda:GetPolicy"}
  ${"GET"}    | ${"/2020-06-30/functions/guard/code-signing-config"}    | ${"lambda:GetFunctionCodeSigningConfig"}
  ${"GET"}    | ${"/2017-03-31/tags/arn%3Aaws%3Alambda%3Afunction%3Ax"} | ${"lambda:ListTags"}
  ${"POST"}   | ${"/2015-03-31/functions"}                              | ${"lambda:CreateFunction"}
  ${"PUT"}    | ${"/2015-03-31/functions/guard/code"}                   | ${"lambda:UpdateFunctionCode"}
  ${"DELETE"} | ${"/2015-03-31/functions/guard/policy/Sid?Qualifier=1"} | ${"lambda:RemovePermission"}
`("Lambda judges $method $url as $action", ({ method, url, action }: Record<string, string>) => {
  const asked = { service: "lambda", protocol: "rest-json", method: method!, url: url! } as const;
  expect(actionsOf(request(asked))).toEqual([action]);
});

it.each`
  service         | protocol       | operation           | url                                        | action
  ${"ssm"}        | ${"json"}      | ${"GetDocument"}    | ${"/"}                                     | ${"ssm:GetDocument"}
  ${"monitoring"} | ${"query"}     | ${"DescribeAlarms"} | ${"/"}                                     | ${"cloudwatch:DescribeAlarms"}
  ${"iam"}        | ${"query"}     | ${"DeleteRole"}     | ${"/"}                                     | ${"iam:DeleteRole"}
  ${"chatbot"}    | ${"rest-json"} | ${"POST /"}         | ${"/list-ms-teams-channel-configurations"} | ${"chatbot:ListMicrosoftTeamsChannelConfigurations"}
  ${"chatbot"}    | ${"rest-json"} | ${"POST /"}         | ${"/delete-slack-channel-configuration"}   | ${"chatbot:DeleteSlackChannelConfiguration"}
`("$operation $url of $service is judged as $action", ({ action, ...about }: Record<string, string>) => {
  expect(actionsOf(request(about as Partial<AwsRequest>))).toEqual([action]);
});

it("a read through Cloud Control is judged as what it calls as well", () => {
  const body = Buffer.from(JSON.stringify({ TypeName: "AWS::KMS::Key", Identifier: "1" }));
  const asked = { service: "cloudcontrolapi", operation: "GetResource", body };
  expect(actionsOf(request(asked))).toEqual([
    ...["cloudformation:GetResource", "kms:DescribeKey", "kms:GetKeyPolicy"],
    ...["kms:GetKeyRotationStatus", "kms:ListResourceTags"],
  ]);
});

it.each`
  what                                | about
  ${"a REST API without a table"}     | ${{ service: "eks", protocol: "rest-json", operation: "GET /clusters" }}
  ${"an unknown path of Lambda"}      | ${{ service: "lambda", protocol: "rest-json", url: "/2015-03-31/layers", operation: "POST" }}
  ${"a request without an operation"} | ${{ operation: "" }}
  ${"another type of Cloud Control"}  | ${{ service: "cloudcontrolapi", operation: "GetResource", body: Buffer.from('{"TypeName":"AWS::X::Y"}') }}
`("$what is not known, so that it is refused", ({ about }: { about: Partial<AwsRequest> }) => {
  expect(actionsOf(request(about))).toBeUndefined();
});
