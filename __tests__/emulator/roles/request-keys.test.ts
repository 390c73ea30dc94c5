import { contextOf } from "../../../emulator/roles/request-keys";

const ONCE = { "if-none-match": "*" };
const MATCHING = { "if-match": '"0a1b"' };
it.each`
  action            | method    | url                                      | headers     | keys
  ${"s3:PutObject"} | ${"PUT"}  | ${"/bucket/key"}                         | ${{}}       | ${{ "s3:ObjectCreationOperation": "true" }}
  ${"s3:PutObject"} | ${"PUT"}  | ${"/bucket/key"}                         | ${ONCE}     | ${{ "s3:ObjectCreationOperation": "true", "s3:if-none-match": "*" }}
  ${"s3:PutObject"} | ${"PUT"}  | ${"/bucket/key"}                         | ${MATCHING} | ${{ "s3:ObjectCreationOperation": "true", "s3:if-match": '"0a1b"' }}
  ${"s3:PutObject"} | ${"POST"} | ${"/bucket/key?uploads"}                 | ${{}}       | ${{ "s3:ObjectCreationOperation": "false" }}
  ${"s3:PutObject"} | ${"PUT"}  | ${"/bucket/key?partNumber=1&uploadId=2"} | ${{}}       | ${{ "s3:ObjectCreationOperation": "false" }}
  ${"s3:PutObject"} | ${"POST"} | ${"/bucket/key?uploadId=2"}              | ${ONCE}     | ${{ "s3:ObjectCreationOperation": "true", "s3:if-none-match": "*" }}
  ${"s3:GetObject"} | ${"GET"}  | ${"/bucket/key"}                         | ${ONCE}     | ${{}}
`(
  "$action by $method $url with $headers has the condition keys $keys",
  ({ action, method, url, headers, keys }: Record<string, unknown>) => {
    const request = { method, url, headers } as Parameters<typeof contextOf>[0];
    expect(contextOf(request, String(action))).toEqual(keys);
  },
);

it.each(["iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:CreateRole"])(
  "%s has the ARN of a policy as a condition key only if it attaches one",
  (action) => {
    const PolicyArn = "arn:aws:iam::444444444444:policy/one";
    const body = Buffer.from(new URLSearchParams({ RoleName: "r", PolicyArn }).toString());
    const request = { method: "POST", url: "/", headers: {}, protocol: "query", body } as const;
    expect(contextOf(request, action)).toEqual(
      action === "iam:CreateRole" ? {} : { "iam:PolicyARN": PolicyArn },
    );
  },
);
