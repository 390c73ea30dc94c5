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

/** The associations of one account and region. */
type Shelf = Map<string, Association>;

/** Whether an account has a document in a region: one of its own, or one of AWS's, which every account has. */
export type DocumentExists = (accountId: string, region: string, name: string) => Promise<boolean>;

const now = () => Date.now() / 1_000;

/** An association as the API shows it. What was not said is left out, but for the document's version. */
const shown = ({ id, created, updated, version, settings }: Association) => ({
  ...settings,
  DocumentVersion: settings.DocumentVersion ?? "$DEFAULT",
  AssociationId: id,
  AssociationVersion: String(version),
  Date: created,
  LastUpdateAssociationDate: updated,
  Overview: { Status: "Pending", DetailedStatus: "Creating" },
});

const described = (association: Association) => jsonResponse({ AssociationDescription: shown(association) });

/** The associations of State Manager and their tags, which moto lacks. They are kept and shown, and run nothing. */
export function associations(identities: Identities, documentExists: DocumentExists): Handler {
  const shelves = new Map<string, Shelf>();
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
    const place = `${accountId}/${region}`;
    const shelf = shelves.get(place) ?? new Map<string, Association>();
    shelves.set(place, shelf);
    if (ofTags) return answerOnTags(shelf, operation, asked);
    switch (operation) {
      case "CreateAssociation": {
        const { Tags = [], ...settings } = asked;
        checkAssociation(settings);
        await requireDocument(accountId, region, settings.Name);
        const tags = new Map(Tags.map(({ Key, Value }) => [Key, Value]));
        return described(
          keep(shelf, { id: randomUUID(), created: now(), updated: now(), version: 1, settings, tags }),
        );
      }
      case "UpdateAssociation": {
        const { AssociationId, Tags: _, ...said } = asked;
        const before = find(shelf, AssociationId);
        // What the request leaves out is gone, but for what an association is.
        const kept = { Name: before.settings.Name, Targets: before.settings.Targets ?? [] };
        const settings = { ...kept, ...said };
        checkAssociation(settings);
        await requireDocument(accountId, region, settings.Name);
        return described(keep(shelf, { ...before, settings, updated: now(), version: before.version + 1 }));
      }
      case "DescribeAssociation":
        return described(find(shelf, asked.AssociationId));
      case "DeleteAssociation":
        shelf.delete(find(shelf, asked.AssociationId).id);
        return jsonResponse({});
      case "ListAssociations":
        return jsonResponse({ Associations: [...shelf.values()].map(shown) });
      default:
        return undefined;
    }
  };
}

function keep(shelf: Shelf, association: Association): Association {
  shelf.set(association.id, association);
  return association;
}

function find(shelf: Shelf, id: string | undefined): Association {
  const found = id === undefined ? undefined : shelf.get(id);
  if (!found) throw new AwsError("AssociationDoesNotExist", "The specified association doesn't exist.");
  return found;
}

function answerOnTags(shelf: Shelf, operation: string, asked: Asked): AwsResponse {
  const association = shelf.get(asked.ResourceId ?? "");
  if (!association) throw new AwsError("InvalidResourceId", "The resource ID isn't valid.");
  const tags = new Map(association.tags);
  if (operation === "ListTagsForResource")
    return jsonResponse({ TagList: [...tags].map(([Key, Value]) => ({ Key, Value })) });
  for (const { Key, Value } of asked.Tags ?? []) tags.set(Key, Value);
  for (const key of asked.TagKeys ?? []) tags.delete(key);
  keep(shelf, { ...association, tags });
  return jsonResponse({});
}
