import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { toJson, revisionOf } from "../kit/json";
import { names, type Place } from "../names";
import type { ITerraformDependable } from "cdktf";
import { SsmAssociation } from "@cdktf/provider-aws/lib/ssm-association";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Seconds: longer than the script waits for locks and tries again, all told. */
const TIMEOUT_SECONDS = 1_800;

const SCRIPT = readFileSync(join(__dirname, "linux-tools.sh"), "utf8").trimEnd();

/** The Command document that puts `script` and `screen` on Linux. On Windows and macOS it has nothing to do. */
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

export interface InstanceAssociationProps {
  readonly name: string;
  /** Name of the document, whose default version is applied. */
  readonly document: string;
  readonly settings: Settings["prerequisites"];
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** A document that State Manager applies to managed instances, again and again. */
export class InstanceAssociation extends Construct {
  /** AWS makes it up. */
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

/** AWS's document that brings SSM Agent up to date. */
const AGENT_UPDATE_DOCUMENT = "AWS-UpdateSSMAgent";

export interface InstancePrerequisitesProps {
  readonly place: Place;
  readonly settings: Settings["prerequisites"];
}

/** Keeps on managed instances what their sessions are recorded with. */
export class InstancePrerequisites extends Construct {
  /** Name of the Command document that instances run; null: none. */
  readonly document: string | null;
  /** AWS makes them up. */
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
