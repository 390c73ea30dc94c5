import { ownerOf } from "../../../fleet/adopt/owners";

const CONSOLE = "Document to hold regional settings for Session Manager";
const own = (name: string) =>
  `Session Manager preferences of ${name}, kept by session-audit (revision 0123456789ab)`;

it.each`
  description          | tags                                                              | inputs                                                  | kind        | name
  ${own("acme")}       | ${{}}                                                             | ${{}}                                                   | ${"own"}    | ${"session-audit"}
  ${own("other")}      | ${{}}                                                             | ${{}}                                                   | ${"tool"}   | ${"organization other"}
  ${own("acme") + " "} | ${{}}                                                             | ${{}}                                                   | ${"person"} | ${"nobody that is known"}
  ${CONSOLE}           | ${{}}                                                             | ${{}}                                                   | ${"person"} | ${"the console's description"}
  ${""}                | ${{}}                                                             | ${{}}                                                   | ${"person"} | ${"nobody that is known"}
  ${CONSOLE}           | ${{ "aws:cloudformation:stack-name": "prefs" }}                   | ${{}}                                                   | ${"tool"}   | ${"the CloudFormation stack prefs"}
  ${CONSOLE}           | ${{ "aws:cloudformation:stack-name": "StackSet-prefs-1" }}        | ${{}}                                                   | ${"tool"}   | ${"a CloudFormation StackSet"}
  ${CONSOLE}           | ${{ "aws:cloudformation:stack-name": "StackSet-AWS-QuickSetup" }} | ${{}}                                                   | ${"tool"}   | ${"Quick Setup"}
  ${CONSOLE}           | ${{ "aws:cloudformation:stack-name": "AWSAccelerator-Security" }} | ${{}}                                                   | ${"tool"}   | ${"Landing Zone Accelerator"}
  ${CONSOLE}           | ${{ Accelerator: "AWSAccelerator" }}                              | ${{}}                                                   | ${"tool"}   | ${"tag Accelerator"}
  ${CONSOLE}           | ${{}}                                                             | ${{ cloudWatchLogGroupName: "x-sessionmanager-logs" }}  | ${"tool"}   | ${"log group x-sessionmanager-logs"}
  ${CONSOLE}           | ${{}}                                                             | ${{ cloudWatchLogGroupName: "sessions" }}               | ${"person"} | ${"nobody"}
  ${CONSOLE}           | ${{}}                                                             | ${{ s3KeyPrefix: "session/111111111111/eu-central-1" }} | ${"tool"}   | ${"prefix session/"}
  ${CONSOLE}           | ${{}}                                                             | ${{ s3KeyPrefix: "session/logs" }}                      | ${"person"} | ${"nobody"}
  ${CONSOLE}           | ${{ ManagedBy: "Terraform" }}                                     | ${{}}                                                   | ${"tool"}   | ${"Terraform (tag ManagedBy: Terraform)"}
  ${CONSOLE}           | ${{ "terraform:module": "x" }}                                    | ${{}}                                                   | ${"tool"}   | ${"Terraform"}
  ${CONSOLE}           | ${{ managed: "pulumi" }}                                          | ${{}}                                                   | ${"tool"}   | ${"Pulumi"}
  ${CONSOLE}           | ${{ team: "payments" }}                                           | ${{}}                                                   | ${"person"} | ${"nobody"}
`(
  "$description with $tags and $inputs is kept by a $kind: $name",
  ({ description, tags, inputs, kind, name }) => {
    const owner = ownerOf(
      {
        description: description as string,
        tags: tags as Record<string, string>,
        inputs: inputs as Record<string, unknown>,
      },
      "acme",
    );
    expect(owner).toEqual({ kind, name: expect.stringContaining(name as string) });
  },
);
