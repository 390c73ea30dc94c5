import type { ValuesOf } from "../model";
import { listed } from "./lists";

/** What people call an action. The words end where the name of the resource follows. */
const WORDS: Readonly<Record<string, string>> = {
  "events:putevents": "send events to",
  "iam:passrole": "give a service the role",
  "kms:creategrant": "let others use the key",
  "kms:decrypt": "decrypt with",
  "kms:describekey": "read the settings of",
  "kms:disablekey": "disable",
  "kms:encrypt": "encrypt with",
  "kms:generatedatakey": "make data keys with",
  "kms:generatedatakey*": "make data keys with",
  "kms:putkeypolicy": "change the policy of",
  "kms:schedulekeydeletion": "schedule the deletion of",
  "lambda:invokefunction": "invoke",
  "logs:createloggroup": "create",
  "logs:createlogstream": "create log streams in",
  "logs:deleteloggroup": "delete",
  "logs:deletelogstream": "delete log streams of",
  "logs:deleteretentionpolicy": "remove the retention of",
  "logs:filterlogevents": "search",
  "logs:getlogevents": "read",
  "logs:putlogevents": "write log events to",
  "logs:putretentionpolicy": "change the retention of",
  "logs:putsubscriptionfilter": "forward log events of",
  "s3:bypassgovernanceretention": "bypass the Object Lock of",
  "s3:deletebucket": "delete",
  "s3:deletebucketpolicy": "remove the policy of",
  "s3:deleteobject": "delete objects in",
  "s3:deleteobjectversion": "delete versions of objects in",
  "s3:getbucketlocation": "read the region of",
  "s3:getbucketpolicy": "read the policy of",
  "s3:getencryptionconfiguration": "read the encryption settings of",
  "s3:getobject": "read objects in",
  "s3:getobjectversion": "read versions of objects in",
  "s3:listbucket": "list objects in",
  "s3:listbucketversions": "list versions of objects in",
  "s3:putbucketpolicy": "change the policy of",
  "s3:putlifecycleconfiguration": "change when objects expire in",
  "s3:putobject": "write objects to",
  "s3:putobjectacl": "change the ACL of objects in",
  "s3:replicatedelete": "replicate delete markers to",
  "s3:replicateobject": "replicate objects to",
  "sns:publish": "publish to",
  "sns:subscribe": "subscribe to",
  "sqs:deletemessage": "delete messages from",
  "sqs:receivemessage": "receive messages from",
  "sqs:sendmessage": "send messages to",
  "ssm:resumesession": "resume",
  "ssm:startsession": "start sessions with",
  "ssm:terminatesession": "end",
  "ssm:updatedocument": "change",
  "sts:assumerole": "assume",
  "sts:tagsession": "tag sessions of",
};

/** More actions than this are listed by their names only. */
const SPOKEN = 3;

/** What the actions do to the resources, in words that follow "can": `read objects in … (s3:GetObject)`. */
export function actionWords(actions: ValuesOf, resources: ValuesOf | null): string {
  const where = resources === null ? null : resourceWords(resources);
  const on = where === null ? "" : ` on ${where}`;
  if (actions.allBut) return `do everything but ${listed(actions.values)}${on}`;
  if (actions.values.includes("*")) return `do everything${on} (*)`;
  const [only = ""] = actions.values;
  const [service, name] = only.split(":");
  if (actions.values.length === 1 && name === "*")
    return `do everything that ${service} offers${on} (${only})`;
  const words = actions.values.map((action) => WORDS[action.toLowerCase()]);
  if (words.length <= SPOKEN && words.every((word) => word !== undefined)) {
    return `${listed([...new Set(words as string[])])} ${where ?? "the role"} (${listed(actions.values)})`;
  }
  return `use ${listed(actions.values)}${on}`;
}

function resourceWords({ allBut, values }: ValuesOf): string {
  if (allBut) return `every resource but ${listed(values)}`;
  return values.includes("*") ? "every resource" : listed(values);
}
