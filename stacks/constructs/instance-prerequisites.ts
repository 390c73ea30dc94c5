import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/settings";
import { toJson } from "../json";
import { linuxToolsDocument } from "../linux-tools-document";
import { names, type Place } from "../names";
import { InstanceAssociation } from "./instance-association";

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
