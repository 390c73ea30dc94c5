import { randomUUID } from "node:crypto";
import { checkAssociation, type AssociationParameters } from "./association-checks";
import { AwsError, jsonResponse, type AwsResponse, type Handler } from "../gateway/protocol";
import type { Identities } from "../clients/identities";

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

interface Association {
  readonly id: string;
  readonly created: number;
  readonly updated: number;
  readonly version: number;
  readonly settings: AssociationParameters;
  readonly tags: ReadonlyMap<string, string>;
}

interface Asked extends AssociationParameters {
  readonly AssociationId?: string;
  readonly Tags?: readonly Tag[];
  readonly ResourceType?: string;
  readonly ResourceId?: string;
  readonly TagKeys?: readonly string[];
}

/** The associations of one account and region, by id. */
type Associations = Map<string, Association>;

/** Whether an account has a document in a region: one of its own, or one of AWS's, which every account has. */
export type DocumentExists = (accountId: string, region: string, name: string) => Promise<boolean>;

const now = () => Date.now() / 1_000;

/** An association as the API returns it. Parameters without a value are left out, except the document's version. */
const asResponse = ({ id, created, updated, version, settings }: Association) => ({
  ...settings,
  DocumentVersion: settings.DocumentVersion ?? "$DEFAULT",
  AssociationId: id,
  AssociationVersion: String(version),
  Date: created,
  LastUpdateAssociationDate: updated,
  Overview: { Status: "Pending", DetailedStatus: "Creating" },
});

const described = (association: Association) =>
  jsonResponse({ AssociationDescription: asResponse(association) });

/**
 * The associations of State Manager and their tags, which moto lacks. They are stored and returned, and run nothing.
 * @throws AwsError with the error code of State Manager
 */
export function associations(identities: Identities, documentExists: DocumentExists): Handler {
  const byPlace = new Map<string, Associations>();
  const requireDocument = async (accountId: string, region: string, name: string) => {
    if (!(await documentExists(accountId, region, name)))
      throw new AwsError("InvalidDocument", `Document with name ${name} does not exist.`);
  };
  return async (request) => {
    const { service, operation, region } = request;
    if (service !== "ssm" || request.protocol !== "json") return undefined;
    const ofTags = /^(AddTagsTo|RemoveTagsFrom|ListTagsFor)Resource$/.test(operation);
    if (!ofTags && !/^(Create|Describe|Update|Delete|List)Associations?$/.test(operation)) return undefined;
    const asked = JSON.parse(request.body.toString("utf8")) as Asked;
    if (ofTags && asked.ResourceType !== "Association") return undefined;

    const { accountId } = await identities.of(request.accessKeyId, region);
    const key = `${accountId}/${region}`;
    const all = byPlace.get(key) ?? new Map<string, Association>();
    byPlace.set(key, all);
    if (ofTags) return answerOnTags(all, operation, asked);
    switch (operation) {
      case "CreateAssociation": {
        const { Tags = [], ...settings } = asked;
        checkAssociation(settings);
        await requireDocument(accountId, region, settings.Name);
        const tags = new Map(Tags.map(({ Key, Value }) => [Key, Value]));
        return described(
          keep(all, { id: randomUUID(), created: now(), updated: now(), version: 1, settings, tags }),
        );
      }
      case "UpdateAssociation": {
        const { AssociationId, Tags: _, ...changes } = asked;
        const before = find(all, AssociationId);
        // AWS removes every setting that the request leaves out, except the document and the targets.
        const kept = { Name: before.settings.Name, Targets: before.settings.Targets ?? [] };
        const settings = { ...kept, ...changes };
        checkAssociation(settings);
        await requireDocument(accountId, region, settings.Name);
        return described(keep(all, { ...before, settings, updated: now(), version: before.version + 1 }));
      }
      case "DescribeAssociation":
        return described(find(all, asked.AssociationId));
      case "DeleteAssociation":
        all.delete(find(all, asked.AssociationId).id);
        return jsonResponse({});
      case "ListAssociations":
        return jsonResponse({ Associations: [...all.values()].map(asResponse) });
      default:
        return undefined;
    }
  };
}

function keep(all: Associations, association: Association): Association {
  all.set(association.id, association);
  return association;
}

function find(all: Associations, id: string | undefined): Association {
  const found = id === undefined ? undefined : all.get(id);
  if (!found) throw new AwsError("AssociationDoesNotExist", "The specified association doesn't exist.");
  return found;
}

function answerOnTags(all: Associations, operation: string, asked: Asked): AwsResponse {
  const association = all.get(asked.ResourceId ?? "");
  if (!association) throw new AwsError("InvalidResourceId", "The resource ID isn't valid.");
  const tags = new Map(association.tags);
  if (operation === "ListTagsForResource")
    return jsonResponse({ TagList: [...tags].map(([Key, Value]) => ({ Key, Value })) });
  for (const { Key, Value } of asked.Tags ?? []) tags.set(Key, Value);
  for (const key of asked.TagKeys ?? []) tags.delete(key);
  keep(all, { ...association, tags });
  return jsonResponse({});
}
