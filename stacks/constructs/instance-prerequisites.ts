import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { toJson, revisionOf } from "../kit/json";
import { names, type Place } from "../names";
import type { ITerraformDependable } from "cdktf";
import { SsmAssociation } from "@cdktf/provider-aws/lib/ssm-association";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Seconds after which the script is stopped. All waits and attempts in it together take less. */
const TIMEOUT_SECONDS = 1_800;

const SCRIPT = readFileSync(join(__dirname, "linux-tools.sh"), "utf8").trimEnd();

/**
 * The Command document that installs `script` and `screen` on Linux, with which SSM Agent records a session. Its
 * precondition skips nodes with Windows or macOS.
 * @param organization name of the organization in the map, which the description contains
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html
 * @example toJson(linuxToolsDocument("acme"))
 */
export function linuxToolsDocument(organization: string) {
  const mainSteps = [
    {
      action: "aws:runShellScript",
      name: "InstallLinuxTools",
      precondition: { StringEquals: ["platformType", "Linux"] },
      inputs: { timeoutSeconds: String(TIMEOUT_SECONDS), runCommand: SCRIPT.split("\n") },
    },
  ];
  return {
    schemaVersion: "2.2",
    description: `What Session Manager records with on Linux, kept by session-audit for ${organization} (revision ${revisionOf(mainSteps)})`,
    mainSteps,
  };
}

/** Which document State Manager applies, to which managed nodes, and when. */
export interface InstanceAssociationProps {
  /** Name of the association. */
  readonly name: string;
  /** Name of the document. State Manager applies its default version. */
  readonly document: string;
  /** The setting `prerequisites` of the target: schedule, nodes, and limits of each run. */
  readonly settings: Settings["prerequisites"];
  /**
   * Resources that must exist before the association does.
   * @default [] the document is AWS's own and always exists
   */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * A State Manager association, which applies a document to managed nodes on a schedule.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateAssociation.html
 * @example
 * new InstanceAssociation(this, "Agent", {
 *   name: names.agentUpdate(place),
 *   document: "AWS-UpdateSSMAgent",
 *   settings: settings.prerequisites,
 * });
 */
export class InstanceAssociation extends Construct {
  /** Id of the association. It is a token, because AWS makes it up. */
  readonly associationId: string;

  constructor(
    scope: Construct,
    id: string,
    { name, document, settings, dependsOn = [] }: InstanceAssociationProps,
  ) {
    super(scope, id);
    const association = new SsmAssociation(this, "Default", {
      name: document,
      associationName: name,
      scheduleExpression: settings.schedule,
      applyOnlyAtCronInterval: settings.applyOnlyAtCronInterval,
      targets:
        settings.targets === "all"
          ? [{ key: "InstanceIds", values: ["*"] }]
          : settings.targets.map(({ tag, values }) => ({ key: `tag:${tag}`, values: [...values] })),
      maxConcurrency: settings.maxConcurrency,
      maxErrors: settings.maxErrors,
      complianceSeverity: settings.complianceSeverity,
      dependsOn: [...dependsOn],
    });
    this.associationId = association.associationId;
  }
}

/**
 * The document of AWS that updates SSM Agent to its newest version.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-automatic-updates.html
 */
const AGENT_UPDATE_DOCUMENT = "AWS-UpdateSSMAgent";

/** What is maintained on the managed nodes of one account and region. */
export interface InstancePrerequisitesProps {
  /** Account and region of the nodes. */
  readonly place: Place;
  /** The setting `prerequisites` of the target. Its `maintain` lists what is kept up to date. */
  readonly settings: Settings["prerequisites"];
}

/**
 * Installs and updates SSM Agent, and the Linux tools that it needs for recording, on managed nodes. `maintain` lists
 * which of the two.
 * @example
 * const { document, associationIds } = new InstancePrerequisites(this, "Prerequisites", {
 *   place,
 *   settings: settings.prerequisites,
 * });
 */
export class InstancePrerequisites extends Construct {
  /** Name of the Command document that installs the Linux tools; null: the map does not ask for them. */
  readonly document: string | null;
  /** Ids of the associations. They are tokens, because AWS makes them up. */
  readonly associationIds: readonly string[];

  constructor(scope: Construct, id: string, { place, settings }: InstancePrerequisitesProps) {
    super(scope, id);
    const wanted = new Set(settings.maintain);
    this.document = wanted.has("linux-tools") ? names.linuxTools(place) : null;
    this.associationIds = [
      ...(wanted.has("ssm-agent") ? [this.agent(place, settings)] : []),
      ...(wanted.has("linux-tools") ? [this.linuxTools(place, settings)] : []),
    ];
  }

  private agent(place: Place, settings: InstancePrerequisitesProps["settings"]): string {
    const name = names.agentUpdate(place);
    return new InstanceAssociation(this, "Agent", { name, document: AGENT_UPDATE_DOCUMENT, settings })
      .associationId;
  }

  private linuxTools(place: Place, settings: InstancePrerequisitesProps["settings"]): string {
    const name = names.linuxTools(place);
    const document = new SsmDocument(this, "LinuxToolsDocument", {
      name,
      documentType: "Command",
      documentFormat: "JSON",
      content: toJson(linuxToolsDocument(place.organization)),
    });
    const props = { name, document: name, settings, dependsOn: [document] };
    return new InstanceAssociation(this, "LinuxTools", props).associationId;
  }
}
